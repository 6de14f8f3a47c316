"""LLaVA-Next for training: the same functions and parameter names as the released checkpoints, nothing more."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from learning import sizes as z
from learning.tokens import VOCABULARY

EMPTY = 0.6


class RmsNorm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(z.HIDDEN))

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + z.NORM_EPS) * self.weight


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions on pairs (p, p + half); x [batch, heads, length, HEAD_DIM]."""
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat((-second, first), -1) * sin


def rope(positions: Tensor) -> tuple[Tensor, Tensor]:
    frequencies = z.ROPE_THETA ** (-torch.arange(0, z.HEAD_DIM, 2) / z.HEAD_DIM)
    angles = positions[:, None, :, None].float() * frequencies
    angles = torch.cat((angles, angles), -1)
    return angles.cos(), angles.sin()


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q_proj = nn.Linear(z.HIDDEN, z.HEADS * z.HEAD_DIM, bias=False)
        self.k_proj = nn.Linear(z.HIDDEN, z.KV_HEADS * z.HEAD_DIM, bias=False)
        self.v_proj = nn.Linear(z.HIDDEN, z.KV_HEADS * z.HEAD_DIM, bias=False)
        self.o_proj = nn.Linear(z.HEADS * z.HEAD_DIM, z.HIDDEN, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = x.shape
        q, k, v = (p(x).view(batch, length, -1, z.HEAD_DIM).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        k, v = (t.repeat_interleave(z.HEADS // z.KV_HEADS, 1) for t in (k, v))
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)
        return self.o_proj(out.transpose(1, 2).reshape(batch, length, -1))


class Mlp(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(z.HIDDEN, z.INTERMEDIATE, bias=False)
        self.up_proj = nn.Linear(z.HIDDEN, z.INTERMEDIATE, bias=False)
        self.down_proj = nn.Linear(z.INTERMEDIATE, z.HIDDEN, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.self_attn, self.mlp = Attention(), Mlp()
        self.input_layernorm, self.post_attention_layernorm = RmsNorm(), RmsNorm()

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class LlamaBody(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(VOCABULARY, z.HIDDEN)
        self.layers = nn.ModuleList(Block() for _ in range(z.LAYERS))
        self.norm = RmsNorm()

    def forward(self, x: Tensor, positions: Tensor, mask: Tensor | None) -> Tensor:
        cos, sin = rope(positions)
        for layer in self.layers:
            x = layer(x, cos, sin, mask)
        return self.norm(x)


class Llama(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.model = LlamaBody()
        self.lm_head = nn.Linear(z.HIDDEN, VOCABULARY, bias=False)


class VisionAttention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(z.VISION_HIDDEN, z.VISION_HIDDEN) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        q, k, v = (p(x).view(batch, length, z.VISION_HEADS, -1).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        return self.out_proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, length, width))


class VisionMlp(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(z.VISION_HIDDEN, z.VISION_INTERMEDIATE)
        self.fc2 = nn.Linear(z.VISION_INTERMEDIATE, z.VISION_HIDDEN)

    def forward(self, x: Tensor) -> Tensor:
        x = self.fc1(x)
        return self.fc2(x * torch.sigmoid(1.702 * x))


class VisionBlock(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.self_attn, self.mlp = VisionAttention(), VisionMlp()
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(z.VISION_HIDDEN), nn.LayerNorm(z.VISION_HIDDEN)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class VisionEmbeddings(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.class_embedding = nn.Parameter(torch.randn(z.VISION_HIDDEN) * 0.02)
        self.patch_embedding = nn.Conv2d(3, z.VISION_HIDDEN, z.PATCH, z.PATCH, bias=False)
        self.position_embedding = nn.Embedding(z.PATCHES**2 + 1, z.VISION_HIDDEN)

    def forward(self, tiles: Tensor) -> Tensor:
        patches = self.patch_embedding(tiles).flatten(2).transpose(1, 2)
        first = self.class_embedding.expand(len(tiles), 1, -1)
        return torch.cat((first, patches), 1) + self.position_embedding.weight


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(VisionBlock() for _ in range(z.VISION_LAYERS))


class VisionModel(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embeddings, self.encoder = VisionEmbeddings(), Encoder()
        self.pre_layrnorm, self.post_layernorm = nn.LayerNorm(z.VISION_HIDDEN), nn.LayerNorm(z.VISION_HIDDEN)

    def features(self, tiles: Tensor) -> Tensor:
        """Output of the last layer but one, without the class row: [tiles, PATCHES^2, VISION_HIDDEN]."""
        x = self.pre_layrnorm(self.embeddings(tiles))
        for layer in self.encoder.layers[:-1]:
            x = layer(x)
        return x[:, 1:]


class VisionTower(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.vision_model = VisionModel()


class Projector(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(z.VISION_HIDDEN, z.HIDDEN), nn.Linear(z.HIDDEN, z.HIDDEN)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(F.gelu(self.linear_1(x)))


class Llava(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.language_model, self.vision_tower, self.multi_modal_projector = Llama(), VisionTower(), Projector()
        self.image_newline = nn.Parameter(torch.randn(z.HIDDEN) * 0.04)
        for name, parameter in self.named_parameters():
            if parameter.dim() >= 2:
                nn.init.normal_(parameter, std=0.02 if "embed" in name else 0.6 * parameter[0].numel() ** -0.5)

    def embedded_words(self, words: list[int]) -> Tensor:
        """What a patch should become that shows one of the words. A patch without any is a line break, and a faint one: a vector
        near zero would be all noise after the norm before attention."""
        embedded = self.language_model.model.embed_tokens.weight[torch.tensor(words)]
        return torch.cat((EMPTY * embedded[:1], embedded[1:]))

    def images(self, tiles: Tensor, grids: list[tuple[int, int]]) -> list[Tensor]:
        """Overview and tiles of every picture in a row -> its merged features, newline vectors included."""
        return self.merged(self.multi_modal_projector(self.vision_tower.vision_model.features(tiles)), grids)

    def merged(self, features: Tensor, grids: list[tuple[int, int]]) -> list[Tensor]:
        merged, start = [], 0
        for rows, columns in grids:
            count = 1 + rows * columns
            part, start = features[start:start + count], start + count
            side = z.PATCHES
            spatial = part[1:].view(rows, columns, side, side, -1).permute(0, 2, 1, 3, 4).reshape(rows * side, columns * side, -1)
            newline = self.image_newline.expand(rows * side, 1, -1)
            merged.append(torch.cat((part[0], torch.cat((spatial, newline), 1).flatten(0, 1))))
        return merged

    def hidden(self, ids: Tensor, positions: Tensor, mask: Tensor | None, images: Tensor | None, where: Tensor | None) -> Tensor:
        """Text states; `images` replaces the embeddings where `where` is true, in order."""
        x = self.language_model.model.embed_tokens(ids)
        if images is not None:
            x = x.masked_scatter(where[..., None], images)
        return self.language_model.model(x, positions, mask)
