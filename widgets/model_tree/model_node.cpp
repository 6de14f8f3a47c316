#include "widgets/model_tree/model_node.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace quantoscope {
namespace {

// Text model prefixes only: a vision tower has "layers" too, but its linears are not ours to quantize.
constexpr std::array<std::string_view, 5> kBlockPrefixes{"model.layers.", "language_model.model.layers.",
                                                         "model.language_model.layers.", "layers.", "blk."};
constexpr std::array<std::pair<std::string_view, LinearRole>, 7> kGgufNames{{{"attn_q", LinearRole::q_proj},
                                                                             {"attn_k", LinearRole::k_proj},
                                                                             {"attn_v", LinearRole::v_proj},
                                                                             {"attn_output", LinearRole::o_proj},
                                                                             {"ffn_gate", LinearRole::gate_proj},
                                                                             {"ffn_up", LinearRole::up_proj},
                                                                             {"ffn_down", LinearRole::down_proj}}};

struct SplitName {
    int block = -1;
    std::string_view rest;  ///< "mlp.down_proj.weight"
};

SplitName splitName(std::string_view name) {
    for (const std::string_view prefix : kBlockPrefixes) {
        if (!name.starts_with(prefix)) continue;
        const std::string_view tail = name.substr(prefix.size());
        int block = -1;
        const auto [end, error] = std::from_chars(tail.data(), tail.data() + tail.size(), block);
        const auto used = static_cast<std::size_t>(end - tail.data());
        if (error != std::errc() || used >= tail.size() || tail[used] != '.' || block < 0) continue;
        return {block, tail.substr(used + 1)};
    }
    return {-1, name};
}

bool isPartOf(std::string_view rest, std::string_view linear) {
    return rest.starts_with(linear) && (rest.size() == linear.size() || rest[linear.size()] == '.');
}

QString tensorLabel(std::string_view rest) {
    if (rest.ends_with(".weight")) rest.remove_suffix(7);
    if (rest.starts_with("model.")) rest.remove_prefix(6);
    return QString::fromUtf8(rest.data(), static_cast<qsizetype>(rest.size()));
}

ModelNode tensorNode(const TensorInfo& tensor, int index) {
    const TensorPlace place = tensorPlace(tensor.name);
    const SplitName split = splitName(tensor.name);
    return {ModelNodeKind::tensor, tensorLabel(split.rest), tensor.bytes, place.block, index, place.role, {}};
}

// Linears in the order every table shows them, norms after them.
void sortBlock(ModelNode& block) {
    const auto rank = [](const ModelNode& node) { return node.role ? static_cast<int>(*node.role) : 100; };
    std::stable_sort(block.children.begin(), block.children.end(),
                     [&](const ModelNode& a, const ModelNode& b) { return rank(a) < rank(b); });
}

}  // namespace

TensorPlace tensorPlace(const std::string& name) {
    const SplitName split = splitName(name);
    if (split.block < 0) return {};
    for (const LinearRole role : kLinearRoles)
        if (isPartOf(split.rest, linearName(role))) return {split.block, role};
    for (const auto& [gguf, role] : kGgufNames)
        if (isPartOf(split.rest, gguf)) return {split.block, role};
    return {split.block, std::nullopt};
}

ModelNode modelTree(const ModelFiles& files) {
    ModelNode root;
    root.bytes = files.totalBytes();
    ModelNode blocks;
    blocks.kind = ModelNodeKind::blocks;
    blocks.label = QStringLiteral("layers");
    std::vector<ModelNode> after;
    const auto& tensors = files.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        ModelNode node = tensorNode(tensors[i], static_cast<int>(i));
        if (node.block < 0) {
            (blocks.children.empty() ? root.children : after).push_back(std::move(node));
            continue;
        }
        const auto same = std::find_if(blocks.children.begin(), blocks.children.end(),
                                       [&](const ModelNode& block) { return block.block == node.block; });
        ModelNode& block = same != blocks.children.end() ? *same : blocks.children.emplace_back();
        block.kind = ModelNodeKind::block;
        block.block = node.block;
        block.label = QStringLiteral("layers.%1").arg(node.block);
        block.bytes += node.bytes;
        blocks.bytes += node.bytes;
        block.children.push_back(std::move(node));
    }
    for (ModelNode& block : blocks.children) sortBlock(block);
    std::sort(blocks.children.begin(), blocks.children.end(),
              [](const ModelNode& a, const ModelNode& b) { return a.block < b.block; });
    if (!blocks.children.empty()) root.children.push_back(std::move(blocks));
    std::move(after.begin(), after.end(), std::back_inserter(root.children));
    return root;
}

QString shapeText(const std::vector<std::int64_t>& shape) {
    QStringList sides;
    for (const std::int64_t side : shape) sides << QString::number(side);
    return sides.join(QStringLiteral(" × "));
}

QString dtypeText(DType type) {
    const auto name = dtypeName(type);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

}  // namespace quantoscope
