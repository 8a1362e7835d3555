"""The desk where terminals enrol, the officer who decides, and the list of terminals in a file."""
