"""The archive package of an application (归档信息包): made, proved, and taken by a clerk."""
