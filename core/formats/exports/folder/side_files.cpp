#include "core/formats/exports/folder/side_files.h"

#include <algorithm>
#include <array>

#include "core/formats/tokenizer.h"

namespace quantoscope::exports {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 12> kCopiedFiles{"tokenizer.json",
                                                        "tokenizer.model",
                                                        "tokenizer_config.json",
                                                        "special_tokens_map.json",
                                                        "added_tokens.json",
                                                        "vocab.json",
                                                        "merges.txt",
                                                        "generation_config.json",
                                                        "chat_template.json",
                                                        "chat_template.jinja",
                                                        "preprocessor_config.json",
                                                        "processor_config.json"};

bool isCopied(const std::string& name) {
    if (std::ranges::find(kCopiedFiles, name) != kCopiedFiles.end()) return true;
    return name.starts_with("LICENSE") || name.starts_with("NOTICE") || name.starts_with("USE_POLICY");
}

void removeQuantization(OrderedJson& value) {
    if (!value.is_object()) return;
    value.erase("quantization_config");
    value.erase("compression_config");
    for (auto& part : value) removeQuantization(part);
}

void setDType(OrderedJson& config, const std::string& dtype) {
    const bool known = config.contains("torch_dtype") || config.contains("dtype");
    for (const auto* key : {"torch_dtype", "dtype"})
        if (config.contains(key)) config[key] = dtype;
    if (!known) config["torch_dtype"] = dtype;
    for (const auto* part : {"text_config", "vision_config"})
        if (config.contains(part) && config[part].is_object())
            for (const auto* key : {"torch_dtype", "dtype"})
                if (config[part].contains(key)) config[part][key] = dtype;
}

std::string generationConfig(const ModelConfig& config) {
    OrderedJson value;
    value["_from_model_config"] = true;
    if (config.bos_token_id >= 0) value["bos_token_id"] = config.bos_token_id;
    if (config.eos_token_ids.size() == 1) value["eos_token_id"] = config.eos_token_ids.front();
    if (config.eos_token_ids.size() > 1) value["eos_token_id"] = config.eos_token_ids;
    return jsonText(value);
}

Result<std::vector<std::string>> writeFromGguf(const ExportModel& model, const ExportFolder& folder) {
    QS_TRY(folder.writeText("generation_config.json", generationConfig(model.config())));
    const auto files = tokenizerFilesFromGguf(model.source().model->path());
    if (!files) return std::vector<std::string>{"no tokenizer written: " + files.error().message};
    for (const auto& file : *files) {
        if (fs::path(file.name).filename() != fs::path(file.name))
            return failure("the tokenizer file name '" + file.name + "' leads out of the folder");
        QS_TRY(folder.writeText(file.name, file.content));
    }
    return std::vector<std::string>{};
}

}  // namespace

Result<OrderedJson> configWithDType(const ExportModel& model, const std::string& dtype) {
    auto config = OrderedJson::parse(model.source().model->configJson(), nullptr, false);
    if (!config.is_object())
        return failure("the model's config.json is not a JSON object, so none can be written",
                       model.source().model->path().string());
    removeQuantization(config);
    setDType(config, dtype);
    return config;
}

void addOldRopeSpelling(OrderedJson& config) {
    if (const auto text = config.find("text_config"); text != config.end() && text->is_object())
        addOldRopeSpelling(*text);
    const auto found = config.find("rope_parameters");
    if (found == config.end() || !found->is_object()) return;
    const auto parameters = found->get<OrderedJson>();  // a copy: inserting below moves the values
    if (!config.contains("rope_theta") && parameters.contains("rope_theta"))
        config["rope_theta"] = parameters["rope_theta"];
    const auto kind = parameters.find("rope_type");
    if (config.contains("rope_scaling") || kind == parameters.end() || *kind == "default") return;
    auto scaling = parameters;
    scaling.erase("rope_theta");
    config["rope_scaling"] = scaling;
}

std::string jsonText(const OrderedJson& value) {
    return value.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

Result<std::vector<std::string>> writeSideFiles(const ExportModel& model, const ExportFolder& folder) {
    const auto& source = model.source().model->path();
    std::error_code error;
    if (!fs::is_directory(source, error)) return writeFromGguf(model, folder);
    bool has_tokenizer = false;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(source, error))
        if (entry.is_regular_file(error) && isCopied(entry.path().filename().string())) files.push_back(entry.path());
    if (error) return failure("the model folder cannot be listed: " + error.message(), source.string());
    std::ranges::sort(files);
    for (const auto& file : files) {
        QS_TRY(folder.copyFile(file));
        has_tokenizer = has_tokenizer || file.filename() == "tokenizer.json" || file.filename() == "tokenizer.model";
    }
    if (has_tokenizer) return std::vector<std::string>{};
    return std::vector<std::string>{"no tokenizer written: the source folder has none"};
}

}  // namespace quantoscope::exports
