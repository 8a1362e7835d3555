"""What the citizen touches and what guards the cabinet: tactile keypad, I/O board, lights.

=================  ==========================================================================
module             job
=================  ==========================================================================
input_events       bytes of a Linux input node become events; pure
keys               events become keys of the pad and the state of its headset jack; pure
keypad_profile     which code is which key, from a file
keypad             the pad as a device: exclusive, so that a key is never typing
modbus             Modbus RTU frames of an I/O board; pure
sensors            contacts become words, steady ones only; pure
lights             which lamp is lit when; pure
board_profile      which contact and which lamp is what, from a file
board              the board as a device
=================  ==========================================================================
"""
