"""Writes down what is said: reads bare 16 kHz, 16-bit sound of one voice from stdin, prints the words it hears.

CMU PocketSphinx with the American English model of its package; it has nothing in common with what speaks.
"""

import sys

from pocketsphinx import Decoder

decoder = Decoder(samprate=16000, loglevel="FATAL")
decoder.start_utt()
decoder.process_raw(sys.stdin.buffer.read(), full_utt=True)
decoder.end_utt()
heard = decoder.hyp()
print(heard.hypstr if heard else "")
