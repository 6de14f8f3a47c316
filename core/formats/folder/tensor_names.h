// Tensor names across spellings: LLaVA's four, GGUF's one, and what may be ignored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quantoscope {

/// A stored Hugging Face or LLaVA name as the text model spells it ("language_model.model.norm.weight" ->
/// "model.norm.weight"); vision, projector and unknown names stay as they are.
std::string canonicalTensorName(std::string_view stored);
/// Vision tower, projector, image_newline, in any spelling.
bool isVisionTensor(std::string_view stored);
/// Buffers that old checkpoints carry and nobody needs: rotary inv_freq, position_ids.
bool isLegacyBuffer(std::string_view stored);

/// "blk.3.attn_q.weight" -> "model.layers.3.self_attn.q_proj.weight"; nothing for names outside the llama architecture.
std::optional<std::string> hfNameOfGguf(std::string_view gguf);

}  // namespace quantoscope
