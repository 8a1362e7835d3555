"""Releases: packed, compared, checked, signed by several persons, published as static files.

=============  ====================================================================================
module         job
=============  ====================================================================================
packing        a directory of sources becomes one file, the same for the same sources
repository     what is published, what is staged, which file is which
building       a pack becomes the next document of its group
differing      two configurations, in plain words
comparing      what a release changes for a group, kept
checking       the terminal's own validators, by command
lending        what a command names, as a directory of configuration
previewing     a release painted for one terminal beside what went before, and kept
painting       the terminal's own painter, by command, before and after
pictures       what was painted, and where it is kept
picture_words  what pictures are called
album          the page beside them
signing        a person's signatures under everything that waits for them
publishing     thresholds, snapshot, timestamp, and the change of one name
holding        what is signed waits for its ring, is opened to it, or is withdrawn
=============  ====================================================================================

A *group* is a ring of a line (`kiosk.status.rings`): of everybody's, or of a place that goes its
own way. Each group is one delegated role with one target: the
whole configuration in one file, so that a terminal has all of it or nothing.
"""
