"""Codes read from pictures: QR and other two-dimensional codes, and linear ones.

What may be done in this room: decode a picture, in a process of its own with limits.  The process
lives as long as its worker or command; a picture is never written to disk, and what a code holds
leaves the room as bytes.  What text they are is a separate answer, given only when it is certain.

============  ==================================================================================
module        job
============  ==================================================================================
codes         what a code is: kind, bytes, corners; pure
charset       which text the bytes are, if that is certain; pure
treatments    what is done to a picture that was not read as it is; pure
engines       zxing-cpp and zbar, asked for bytes
cascade       who is asked when: everything for one picture, in turns for a stream; pure
picture       a file's or camera's bytes become a grey picture, or a named refusal
reading       the decoding process
reader        the handle of that process
device        a camera that is looked at for codes only while somebody asks
============  ==================================================================================
"""
