#include "core/formats/linear_bytes.h"

#include "core/formats/folder/tensor_names.h"

namespace quantoscope {

std::map<std::string, std::uint64_t, std::less<>> linearBytes(const ModelFiles& model) {
    std::map<std::string, std::uint64_t, std::less<>> bytes;
    for (const auto& tensor : model.tensors()) {
        auto name = hfNameOfGguf(tensor.name).value_or(canonicalTensorName(tensor.name));
        const auto dot = name.rfind('.');
        if (dot == std::string::npos || name.substr(dot) == ".bias" || !name.substr(0, dot).ends_with("_proj"))
            continue;
        bytes[name.substr(0, dot)] += tensor.bytes;
    }
    return bytes;
}

}  // namespace quantoscope
