"""The face camera: is one person there, is the picture good, is it the person of the card?

What may be done in this room: look at faces in frames, compare them with one reference picture,
and ask for movements.  Whatever was compared stays in one process that ends with the visit; out of
it go words and figures, never a picture and never the figures of a face.

A face check is never the only way in, and nothing here is certified: see
``docs/devices/face-camera.md`` for what it does not stop.

============  ==================================================================================
module        job
============  ==================================================================================
landmarks     a found face: its box and five places, how it is held; pure
judgement     what is wrong with a picture of a person, and the one thing to say; pure
challenge     movements asked in an order nobody can know, and whether they were made; pure
weights       where the models lie, and whether they are the ones that were measured
engine        what a face module must be able to do (the place of a certified one), and ours
reference     the picture that is compared with: bytes to dots
facing        the face process: the only one that holds a model and a reference
process       the handle of the face process
answers       what the face process says, checked; pure
device        the camera and the face process together: watch, match, challenge
by_hand       one judgement for the command line
============  ==================================================================================
"""
