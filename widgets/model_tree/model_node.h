// How a model's tensors hang together for people: embeddings, blocks with their linears, norm, head, the rest.
#pragma once

#include <QMetaType>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "core/formats/model_files.h"

namespace quantoscope {

enum class ModelNodeKind { model, blocks, block, tensor };

/// A row of the tree. Values only; `tensor` indexes ModelFiles::tensors().
struct ModelNode {
    ModelNodeKind kind = ModelNodeKind::model;
    QString label;
    std::uint64_t bytes = 0;
    int block = -1;
    int tensor = -1;
    std::optional<LinearRole> role;  ///< when the tensor is one of the seven linears
    std::vector<ModelNode> children;
};

/// Which block and linear a tensor name means ("model.layers.12.mlp.down_proj.weight", GGUF "blk.12.ffn_down.weight").
struct TensorPlace {
    int block = -1;
    std::optional<LinearRole> role;
};
TensorPlace tensorPlace(const std::string& name);
/// The tree of one model; tensors outside the blocks come before and after them as in the file.
ModelNode modelTree(const ModelFiles& files);
QString shapeText(const std::vector<std::int64_t>& shape);  ///< "4096 × 14336"

QString dtypeText(DType type);  ///< "BF16"

}  // namespace quantoscope
