"""The whole terminal on one desk: every process, started and stopped together.

What may be done here: making directories and secrets, starting our own commands and a
virtual screen, waiting until each says it is ready, stopping them all.
What may not: importing the rooms behind those commands, or standing in for one of them.
"""
