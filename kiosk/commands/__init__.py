"""The commands about the catalogue; each module is one ``kiosk catalogue …`` subcommand.

:data:`kiosk.commands.catalogue.SUBCOMMANDS` names them.
"""
