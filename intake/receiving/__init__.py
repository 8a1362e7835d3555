"""From signed bytes to an application: uploads, every check, and the rows put down."""
