// What the HDF5 files of a run have in common: a format name, a version, typed access to their members.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/run_store/hdf5_file.h"

namespace quantoscope {

using Hdf5Attributes = std::map<std::string, Hdf5Attribute>;

/// Is it `format`, in a version we know (1 .. `version`)? A newer one is refused with the advice to update.
Status checkFormat(const Hdf5Attributes& attributes, const std::string& format, std::int64_t version,
                   const std::string& path);

Error damaged(const std::string& path, const std::string& what);
Result<std::int64_t> wholeAttribute(const Hdf5Attributes& attributes, const std::string& name, const std::string& path);
Result<std::string> textAttribute(const Hdf5Attributes& attributes, const std::string& name, const std::string& path);

Hdf5Dataset numberDataset(double value, std::string unit = {});
Hdf5Dataset textDataset(const std::string& text);
template <typename Number>
Hdf5Dataset vectorDataset(Hdf5Type type, std::vector<Number> values, std::string unit = {}) {
    return {type, {values.size()}, std::move(values), std::move(unit)};
}

/// The values of a data set, which must be there, of this type, and have `count` entries (-1: any number).
template <typename Number>
Result<std::vector<Number>> takeValues(Hdf5Group& group, const std::string& name, std::int64_t count,
                                       const std::string& path) {
    const auto found = group.datasets.find(name);
    if (found == group.datasets.end()) return std::unexpected(damaged(path, "'" + name + "' is missing"));
    auto* values = std::get_if<std::vector<Number>>(&found->second.values);
    if (values == nullptr) return std::unexpected(damaged(path, "'" + name + "' has another type"));
    if (count >= 0 && values->size() != static_cast<std::uint64_t>(count))
        return std::unexpected(damaged(path, "'" + name + "' has another length"));
    return std::move(*values);
}
Result<double> takeNumber(Hdf5Group& group, const std::string& name, const std::string& path);
Result<std::string> takeText(Hdf5Group& group, const std::string& name, const std::string& path);
Result<Hdf5Group> takeGroup(Hdf5Group& group, const std::string& name, const std::string& path);

}  // namespace quantoscope
