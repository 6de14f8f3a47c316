#include <algorithm>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/formats/folder/checkpoint_weights.h"
#include "core/formats/folder/hub_cache.h"
#include "core/formats/folder/shard_index.h"
#include "core/formats/folder/tensor_names.h"
#include "core/formats/strict_json.h"
#include "core/formats/weights/stored_model.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kMaxIndexBytes = std::uint64_t{256} << 20;
constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

/// File names in the folder, sorted; a folder that cannot be listed gives none.
std::vector<std::string> fileNames(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        names.push_back(entry->path().filename().string());
    std::ranges::sort(names);
    return names;
}

class SafetensorsModel : public StoredModel {
public:
    explicit SafetensorsModel(fs::path path, std::vector<std::string> warnings = {}) : StoredModel(std::move(path)) {
        warnings_ = std::move(warnings);
    }

    Status openFolder() {
        QS_TRY(readConfig());
        QS_TRY(readIndex());
        if (shards_.empty()) QS_TRY(openWithoutIndex());
        std::string label = "Hugging Face folder, ";
        if (stored_.empty())
            label += "no weights";
        else
            label.append(std::to_string(shards_.size())).append(shards_.size() == 1 ? " file" : " shards");
        finish(std::move(label));
        return {};
    }
    Status openFile() {
        QS_TRY(openShard(path_));
        config_ =
            failure(quotedName(path_) + " comes without a config.json: open the model's folder to compute with it",
                    path_.string());
        finish("safetensors file");
        return {};
    }
    Result<std::shared_ptr<const WeightSource>> weights(WeightDType dtype) const override {
        if (!config_) return std::unexpected(config_.error());
        if (stored_.empty()) return failure(quotedName(path_) + " holds a config.json but no weights", path_.string());
        return openCheckpointWeights({path_, *config_, config_json_, shards_, byCanonicalName()}, dtype);
    }

protected:
    std::string canonicalName(const std::string& stored) const override { return canonicalTensorName(stored); }

private:
    Status readConfig() {
        const auto file = path_ / "config.json";
        std::error_code error;
        if (!fs::exists(fs::symlink_status(file, error))) {
            config_ = failure(quotedName(path_) + " has no config.json, which says how the tensors fit together",
                              path_.string());
            return {};
        }
        QS_TRY(checkInsideModel(path_, file));
        QS_ASSIGN(config_json_, readTextFile(file, kMaxConfigBytes));
        QS_ASSIGN(auto config, parseModelConfig(config_json_, file));
        config_ = std::move(config);
        quantized_checkpoint_ = !quantMethod(config_json_).empty();
        return {};
    }

    Status readIndex() {
        std::error_code error;
        const auto file = path_ / kIndex;
        if (!fs::exists(file, error)) return {};
        if (fs::exists(path_ / kSingle, error)) {
            warnings_.push_back(std::string("the folder holds both ") + kSingle +
                                " and an index: the single file is used, as transformers does");
            return {};
        }
        QS_TRY(checkInsideModel(path_, file));
        QS_ASSIGN(const auto json, readTextFile(file, kMaxIndexBytes));
        QS_ASSIGN(const auto index, parseShardIndex(json, file));
        const auto files = index.files();
        for (const auto& name : files)
            if (!fs::exists(path_ / name, error))
                return failure("shard '" + excerpt(name) + "' is missing: the download is incomplete",
                               (path_ / name).string());
        for (const auto& name : files) QS_TRY(openShard(path_ / name));
        return checkShards(index, shards_, warnings_);
    }

    Status openWithoutIndex() {
        const auto names = fileNames(path_);
        std::vector<std::string> safetensors;
        for (const auto& name : names)
            if (name.ends_with(".safetensors") && !name.starts_with("adapter_")) safetensors.push_back(name);
        if (std::ranges::find(safetensors, kSingle) != safetensors.end()) return openShard(path_ / kSingle);
        if (safetensors.size() == 1) return openShard(path_ / safetensors.front());
        if (safetensors.size() > 1)
            return failure(quotedName(path_) + " holds " + std::to_string(safetensors.size()) +
                               " safetensors files but no " + kIndex +
                               " that says what belongs together: download it too",
                           path_.string());
        return withoutWeights(names);
    }

    Status withoutWeights(const std::vector<std::string>& names) {
        const auto ending = [&](std::string_view suffix) {
            const auto found =
                std::ranges::find_if(names, [&](const std::string& name) { return name.ends_with(suffix); });
            return found == names.end() ? std::string() : *found;
        };
        const auto pickled = std::max(std::max(ending(".bin"), ending(".pth")), ending(".pt"));
        if (!pickled.empty())
            return failure(
                quotedName(pickled) +
                    " holds pickled weights, which can run code when opened: convert the model to safetensors first",
                path_.string());
        const auto gguf = ending(".gguf");
        const auto hint =
            gguf.empty() ? std::string() : std::string("; open ").append(quotedName(gguf)).append(" instead");
        const bool tokenizer =
            std::ranges::any_of(names, [](const auto& name) { return name.starts_with("tokenizer"); });
        if (config_) {
            warnings_.push_back("the folder holds a config.json but no weights" + hint);
            return {};
        }
        if (tokenizer)
            return failure(
                quotedName(path_) + " holds a tokenizer but no model: config.json and weights are missing" + hint,
                path_.string());
        return failure(
            quotedName(path_) + " holds no model: neither config.json nor safetensors files are there" + hint,
            path_.string());
    }

    Status openShard(const fs::path& file) {
        QS_TRY(checkInsideModel(path_, file));
        QS_ASSIGN(auto shard, SafetensorsFile::open(file));
        for (const auto& entry : shard->entries())
            add({entry.name, entry.dtype, entry.shape, shard->map(), shard->dataOffset() + entry.begin,
                 entry.end - entry.begin, 0});
        for (const auto& warning : shard->warnings()) warnings_.push_back(warning);
        shards_.push_back(std::move(shard));
        return {};
    }

    void finish(std::string label) {
        label_ = std::move(label);
        const auto method = quantMethod(config_json_);
        if (!method.empty()) label_ += ", quantized (" + excerpt(method) + ")";
        if (!stored_.empty()) compareWithConfig();
        scanSmallModel();
    }

    std::vector<std::shared_ptr<const SafetensorsFile>> shards_;
};

}  // namespace

Result<std::shared_ptr<const ModelFiles>> openFolder(const fs::path& folder, std::vector<std::string> warnings) {
    auto model = std::make_shared<SafetensorsModel>(folder, std::move(warnings));
    QS_TRY(model->openFolder());
    return model;
}

Result<std::shared_ptr<const ModelFiles>> openSafetensors(const fs::path& file) {
    auto model = std::make_shared<SafetensorsModel>(file);
    QS_TRY(model->openFile());
    return model;
}

}  // namespace quantoscope
