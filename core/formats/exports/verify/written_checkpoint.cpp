#include "core/formats/exports/verify/written_checkpoint.h"

namespace quantoscope::exports {

Result<WrittenCheckpoint> WrittenCheckpoint::open(const std::filesystem::path& folder, const ExportModel& model) {
    WrittenCheckpoint checkpoint(model);
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() != ".safetensors") continue;
        QS_ASSIGN(auto file, SafetensorsFile::open(entry.path()));
        for (const auto& tensor : file->entries())
            if (!checkpoint.tensors_.emplace(tensor.name, Place{checkpoint.files_.size(), &tensor}).second)
                return failure("the export holds '" + tensor.name + "' twice", folder.string());
        checkpoint.files_.push_back(std::move(file));
    }
    if (error) return failure("the export cannot be read back: " + error.message(), folder.string());
    return checkpoint;
}

Result<std::span<const std::byte>> WrittenCheckpoint::bytes(const std::string& name, DType dtype,
                                                            const std::vector<std::int64_t>& shape) const {
    const auto found = tensors_.find(model_->storedName(name));
    if (found == tensors_.end()) return failure("the export lacks '" + name + "' after writing");
    const auto& entry = *found->second.entry;
    if (entry.dtype != dtype || entry.shape != shape)
        return failure("'" + name + "' came back from the export with another type or shape");
    return files_[found->second.file]->bytes(entry);
}

Result<std::vector<float>> WrittenCheckpoint::values(const std::string& name, DType dtype,
                                                     const std::vector<std::int64_t>& shape) const {
    QS_ASSIGN(const auto raw, bytes(name, dtype, shape));
    std::size_t count = 1;
    for (const auto dimension : shape) count *= static_cast<std::size_t>(dimension);
    std::vector<float> values(count);
    QS_TRY(convertToFloat(dtype, raw, 0, values));
    return values;
}

}  // namespace quantoscope::exports
