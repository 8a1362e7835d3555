"""The parts that pages are made of: functions from data to nodes, no state, no Kivy."""
