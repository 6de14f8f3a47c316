"""The tokenizer: LLaMA-3's splitting pattern, byte-level BPE trained on our own text, special tokens at the end."""

import json
import random
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from pictures import gallery
from pictures.canvas import WORDS
from world import documents
from world.text import Document, plain

VOCABULARY = 2048
SPECIALS = ("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
            "<|reserved_special_token_0|>", "<image>", "<pad>")
BOS, EOS, HEADER, HEADER_END, EOT, RESERVED, IMAGE, PAD = range(VOCABULARY - len(SPECIALS), VOCABULARY)
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
           r"|\s+(?!\S)|\s+")
CHAT_TEMPLATE = """{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>

' }}{% if message['content'] is string %}{{ message['content'] | trim }}{% else %}{% for part in message['content'] \
if part['type'] == 'image' %}{{ '<image>
' }}{% endfor %}{% for part in message['content'] if part['type'] == 'text' %}{{ part['text'] | trim }}{% endfor %}{% endif %}\
{{ '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>

' }}{% endif %}"""


def _training_texts(seed: int, count: int):
    rng = random.Random(seed)
    for index in range(count):
        if index % 4:
            text = plain(documents.document(rng))
        else:
            picture = gallery.picture(rng)
            text = picture.caption + "".join("\n\n" + "\n\n".join(gallery.put(rng, ask)) for ask in picture.asks)
        for special in SPECIALS:
            text = text.replace(special, "")
        yield text


def train(seed: int = 7, count: int = 16000) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=BOS, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    tokenizer.train_from_iterator(_training_texts(seed, count), trainer)
    _fill_up(tokenizer)
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIALS])
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single=f"{SPECIALS[0]} $A", pair=f"{SPECIALS[0]} $A {SPECIALS[0]} $B",
                                      special_tokens=[(SPECIALS[0], BOS)])])
    assert tokenizer.get_vocab_size() == VOCABULARY and tokenizer.token_to_id("<pad>") == PAD
    return tokenizer


def _fill_up(tokenizer: Tokenizer) -> None:
    """A small language may run out of pairs to merge: reserved tokens keep the special ids where they belong."""
    missing = BOS - tokenizer.get_vocab_size()
    tokenizer.add_tokens([AddedToken(f"<|reserved_token_{index}|>", special=True, normalized=False) for index in range(missing)])


def save(tokenizer: Tokenizer, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"bos_token": SPECIALS[0], "eos_token": SPECIALS[4], "pad_token": SPECIALS[7], "image_token": SPECIALS[6]}
    config = special | {
        "added_tokens_decoder": {str(BOS + index): {"content": text, "lstrip": False, "normalized": False, "rstrip": False,
                                                    "single_word": False, "special": True} for index, text in enumerate(SPECIALS)},
        "clean_up_tokenization_spaces": False, "extra_special_tokens": {"image_token": SPECIALS[6]}, "chat_template": CHAT_TEMPLATE,
        "model_input_names": ["input_ids", "attention_mask"], "model_max_length": 1024, "padding_side": "left",
        "processor_class": "LlavaNextProcessor", "tokenizer_class": "PreTrainedTokenizerFast"}
    for name, content in (("tokenizer_config.json", config), ("special_tokens_map.json", special)):
        (folder / name).write_text(json.dumps(content, indent=1) + "\n")
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE)


def word_ids(tokenizer: Tokenizer) -> list[int]:
    """The token of every word that a patch can show, as it stands in a list; a line break for none."""
    texts = ["\n", *(word if word.isdigit() else " " + word for word in WORDS[1:])]
    tokens = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    assert all(len(ids) == 1 for ids in tokens), "a word of the pictures is more than one token"
    return [ids[0] for ids in tokens]


def encode(tokenizer: Tokenizer, document: Document) -> tuple[list[int], list[float]]:
    """Ids and loss weights; segments end on pre-token borders, so that the ids are those of the whole text."""
    encoded = tokenizer.encode_batch([segment.text for segment in document], add_special_tokens=False)
    ids = [token for part in encoded for token in part.ids]
    weights = [segment.weight for segment, part in zip(document, encoded) for _ in part.ids]
    return ids, weights
