#include "core/run_store/file_header.h"

namespace quantoscope {

Error damaged(const std::string& path, const std::string& what) {
    return Error{"The result file '" + path + "' is damaged: " + what + "; delete it and resume the run.",
                 {},
                 path,
                 ErrorKind::failed};
}

Status checkFormat(const Hdf5Attributes& attributes, const std::string& format, std::int64_t version,
                   const std::string& path) {
    QS_ASSIGN(const std::string found, textAttribute(attributes, "format", path));
    if (found != format) return std::unexpected(damaged(path, "it is not a " + format + " file"));
    QS_ASSIGN(const std::int64_t found_version, wholeAttribute(attributes, "format_version", path));
    if (found_version > version)
        return failure("The result file '" + path + "' was written by a newer Quantoscope (format version " +
                           std::to_string(found_version) + ", this one reads up to " + std::to_string(version) +
                           "): update this one to open it.",
                       path);
    if (found_version < 1) return std::unexpected(damaged(path, "its format version is unknown"));
    return {};
}

Result<std::int64_t> wholeAttribute(const Hdf5Attributes& attributes, const std::string& name,
                                    const std::string& path) {
    const auto found = attributes.find(name);
    const auto* value = found == attributes.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
    if (value == nullptr) return std::unexpected(damaged(path, "'" + name + "' is missing"));
    return *value;
}

Result<std::string> textAttribute(const Hdf5Attributes& attributes, const std::string& name, const std::string& path) {
    const auto found = attributes.find(name);
    const auto* value = found == attributes.end() ? nullptr : std::get_if<std::string>(&found->second);
    if (value == nullptr) return std::unexpected(damaged(path, "'" + name + "' is missing"));
    return *value;
}

Hdf5Dataset numberDataset(double value, std::string unit) {
    return {Hdf5Type::float64, {}, std::vector<double>{value}, std::move(unit)};
}

Hdf5Dataset textDataset(const std::string& text) {
    return vectorDataset(Hdf5Type::uint8, std::vector<std::uint8_t>(text.begin(), text.end()));
}

Result<double> takeNumber(Hdf5Group& group, const std::string& name, const std::string& path) {
    QS_ASSIGN(const auto values, takeValues<double>(group, name, 1, path));
    return values.front();
}

Result<std::string> takeText(Hdf5Group& group, const std::string& name, const std::string& path) {
    QS_ASSIGN(const auto bytes, takeValues<std::uint8_t>(group, name, -1, path));
    return std::string(bytes.begin(), bytes.end());
}

Result<Hdf5Group> takeGroup(Hdf5Group& group, const std::string& name, const std::string& path) {
    const auto found = group.groups.find(name);
    if (found == group.groups.end()) return std::unexpected(damaged(path, "'" + name + "' is missing"));
    return std::move(found->second);
}

}  // namespace quantoscope
