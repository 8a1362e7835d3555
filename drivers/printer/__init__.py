"""Receipt printer: from a slip's words to paper, and an honest answer about what came out.

What may be done in this room:

- `codec`: the printer's replies, pure (bytes in, events out); imports `standards` only.
- `signs`, `steady`: what a model's status bits mean, and when a status is news; pure.
- `receipt`, `layout`, `glyphs`, `pictures`, `bars`, `codes`, `encoder`: a slip, its lines on 48
  columns, its bytes.
- `profiles`: what one model of printer can do; read from `config/devices/`.
- `dialogue`: the line to one printer, what was asked and what came back.
- `device`: owns the port, prints one slip at a time, says whether it was printed.
- `commands`, `characters`, `press`, `typesetter`, `sheet`, `paper`: our own reader of ESC/POS,
  which knows nothing of the encoder; the simulated printer and the tests see the paper with it.

A citizen's text reaches the printer as glyphs only, never as control bytes.
Nothing here repeats a job by itself, and nothing here logs what a slip says.
"""
