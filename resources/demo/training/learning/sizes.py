"""Every size of the demo model, and the pictures' grid; config.json is written from these."""

HIDDEN, INTERMEDIATE, LAYERS = 128, 384, 6
HEADS, KV_HEADS, HEAD_DIM = 4, 2, 32
ROPE_THETA, NORM_EPS = 500000.0, 1e-5
POSITIONS = 1024

VISION_HIDDEN, VISION_INTERMEDIATE, VISION_LAYERS, VISION_HEADS = 128, 512, 4, 4
TILE, PATCH = 224, 56  # a patch holds a whole word: a picture is a short list of words to the text model
PATCHES = TILE // PATCH  # along one side of a tile
PINPOINTS = [[224, 448], [448, 224], [448, 448]]  # height, width
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)
