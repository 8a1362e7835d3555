"""What a face process could say, and what a challenge makes of it: an answer or one error."""

from __future__ import annotations

import json

from drivers.face.answers import Nonsense, read_look, read_ready, read_reference
from drivers.face.challenge import MOST_MOVES, Challenge, Look, Verdict, moves_for

SEEDS = (
    (
        b'{"faces":1,"problems":["too_far"],"eyes":41.5,"share":0.2,"pose":[1.0,-4.0,0.5],'
        b'"box":[0.3,0.2,0.3,0.4],"reference":0.91,"anchor":null,"anchored":false,"attack":null}'
    ),
    b'{"name":"YuNet + SFace","threshold":0.363,"certificate":null}',
    b'{"unsupported":"missing"}',
    b'{"reference":"ok"}',
    (
        b'{"faces":0,"problems":["nobody"],"eyes":null,"share":null,"pose":null,"box":null,'
        b'"reference":null,"anchor":null,"anchored":true,"attack":true}\n'
        b'{"faces":2,"problems":[],"anchored":false}'
    ),
)


def one_input(data: bytes) -> None:
    """Read the bytes as each kind of packet; feed what is a look to a challenge, line by line."""
    for read in (read_ready, read_reference):
        try:
            read(data)
        except Nonsense:
            continue
    run = Challenge(moves=moves_for("seed", MOST_MOVES), threshold=0.363, began=0.0)
    for number, line in enumerate(data.split(b"\n")[:64]):
        try:
            seen = read_look(line)
        except Nonsense:
            continue
        look = Look(
            time=number / 10,
            judgement=seen.judgement,
            likeness=seen.to_anchor,
            anchored=seen.anchored,
            attack=seen.attack,
        )
        if isinstance(run.take(look), Verdict):
            break
    json.dumps(run.step().phase)
