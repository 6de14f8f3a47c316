"""Writes a checkpoint as a Hugging Face LLaVA-Next folder with the tensor names of the released checkpoints, in bfloat16."""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

from learning import sizes as z
from learning import tokens as t

TEXT = {"architectures": ["LlamaForCausalLM"], "attention_bias": False, "bos_token_id": t.BOS, "eos_token_id": t.EOT,
        "head_dim": z.HEAD_DIM, "hidden_act": "silu", "hidden_size": z.HIDDEN, "intermediate_size": z.INTERMEDIATE,
        "max_position_embeddings": z.POSITIONS, "mlp_bias": False, "model_type": "llama", "num_attention_heads": z.HEADS,
        "num_hidden_layers": z.LAYERS, "num_key_value_heads": z.KV_HEADS, "pad_token_id": t.PAD, "rms_norm_eps": z.NORM_EPS,
        "rope_theta": z.ROPE_THETA, "tie_word_embeddings": False, "torch_dtype": "bfloat16", "vocab_size": t.VOCABULARY}
VISION = {"hidden_act": "quick_gelu", "hidden_size": z.VISION_HIDDEN, "image_size": z.TILE,
          "intermediate_size": z.VISION_INTERMEDIATE, "layer_norm_eps": 1e-5, "model_type": "clip_vision_model",
          "num_attention_heads": z.VISION_HEADS, "num_hidden_layers": z.VISION_LAYERS, "patch_size": z.PATCH,
          "projection_dim": z.VISION_HIDDEN, "vocab_size": t.VOCABULARY}
CONFIG = {"architectures": ["LlavaNextForConditionalGeneration"], "ignore_index": -100, "image_grid_pinpoints": z.PINPOINTS,
          "image_token_index": t.IMAGE, "model_type": "llava_next", "multimodal_projector_bias": True, "pad_token_id": t.PAD,
          "projector_hidden_act": "gelu", "text_config": TEXT, "tie_word_embeddings": False, "torch_dtype": "bfloat16",
          "transformers_version": "4.41.0", "use_image_newline_parameter": True, "vision_config": VISION,
          "vision_feature_layer": -2, "vision_feature_select_strategy": "default", "vocab_size": t.VOCABULARY}
GENERATION = {"bos_token_id": t.BOS, "do_sample": False, "eos_token_id": [t.EOS, t.EOT], "pad_token_id": t.PAD,
              "transformers_version": "4.41.0"}
PREPROCESSOR = {"crop_size": {"height": z.TILE, "width": z.TILE}, "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True,
                "do_pad": True, "do_rescale": True, "do_resize": True, "image_grid_pinpoints": z.PINPOINTS, "image_mean": z.MEAN,
                "image_processor_type": "LlavaNextImageProcessor", "image_std": z.STD, "processor_class": "LlavaNextProcessor",
                "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": z.TILE}}
PROCESSOR = {"image_token": "<image>", "num_additional_image_tokens": 1, "patch_size": z.PATCH,
             "processor_class": "LlavaNextProcessor", "vision_feature_select_strategy": "default"}


def export(state: dict[str, torch.Tensor], tokenizer_folder: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.to(torch.bfloat16).contiguous() for name, tensor in sorted(state.items())}
    save_file(weights, str(folder / "model.safetensors"), metadata={"format": "pt"})
    for name, content in (("config", CONFIG), ("generation_config", GENERATION), ("preprocessor_config", PREPROCESSOR),
                          ("processor_config", PROCESSOR)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    for file in tokenizer_folder.iterdir():
        shutil.copyfile(file, folder / file.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="state.pt of train.py; tokenizer/ lies beside it")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    export(torch.load(arguments.checkpoint)["model"], arguments.checkpoint.parent / "tokenizer", arguments.folder)


if __name__ == "__main__":
    main()
