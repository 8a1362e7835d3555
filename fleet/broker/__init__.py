"""The bus on one machine: mosquitto of the operating system, set up so that names can't be lent.

What may be done in this room: write mosquitto's configuration and its list of rights. The way to
more than one machine (an EMQX cluster) keeps topics and rights, see docs/fleet.md.
"""

from fleet.broker.configuration import Broker, configuration, rights, write

__all__ = ["Broker", "configuration", "rights", "write"]
