"""The whole stack on a virtual screen: real X events, real lines, real sockets."""
