"""The revisions, in order of their numbers; one that has been released is not changed again."""
