"""The clerk's side: the list, one application, acts and their rules, clocks, departments."""
