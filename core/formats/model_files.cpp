#include "core/formats/model_files.h"

#include <algorithm>
#include <array>

#include "core/formats/folder/hub_cache.h"
#include "core/formats/memory_map.h"
#include "core/formats/weights/stored_model.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

bool startsWithGguf(const fs::path& file) {
    const auto map = MemoryMap::open(file);
    std::array<std::byte, 4> magic{};
    if (!map || (*map)->size() < magic.size() || !(*map)->readAt(0, magic)) return false;
    return std::string_view(reinterpret_cast<const char*>(magic.data()), magic.size()) == "GGUF";
}

Result<std::shared_ptr<const ModelFiles>> openFile(const fs::path& file) {
    const auto ending = file.extension();
    if (ending == ".gguf") return openGguf(file);
    if (ending == ".safetensors") return openSafetensors(file);
    if (startsWithGguf(file)) return openGguf(file);
    if (file.filename() == "config.json" || file.filename() == "model.safetensors.index.json")
        return failure(quotedName(file) + " is one file of a model: open the folder it lies in", file.string());
    if (ending == ".bin" || ending == ".pth" || ending == ".pt")
        return failure(
            quotedName(file) +
                " holds pickled weights, which can run code when opened: convert the model to safetensors first",
            file.string());
    return failure(quotedName(file) + " is no model: a folder, a GGUF file or a safetensors file is needed",
                   file.string());
}

}  // namespace

bool isLossySource(const ModelFiles& model) {
    return std::ranges::any_of(model.tensors(), [](const TensorInfo& tensor) {
        return traits(tensor.dtype).block_elements > 1 || tensor.name.ends_with(".qweight");
    });
}

Result<std::shared_ptr<const ModelFiles>> ModelFiles::open(const fs::path& model) {
    try {
        QS_ASSIGN(const auto resolved, resolveModelPath(model));
        std::error_code error;
        if (!fs::is_directory(resolved.path, error)) return openFile(resolved.path);
        return openFolder(resolved.path, resolved.warnings);
    } catch (const std::exception& error) {
        return failure("the model at " + quotedName(model) + " could not be opened", model.string(), error.what());
    }
}

}  // namespace quantoscope
