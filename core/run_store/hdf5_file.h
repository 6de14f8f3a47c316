// The only door to HDF5: a file is a tree of plain values, written and read whole. Nothing of the library is visible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

/// How numbers are stored. In memory float16 and float32 are float; float16 is scaled by a power of two per data set
/// (attribute "scale", 1 when absent) so that the largest value uses the range: stored x scale = value.
enum class Hdf5Type : std::uint8_t { float16, float32, float64, int64, uint64, uint8 };

struct Hdf5Dataset {
    using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int64_t>,
                                std::vector<std::uint64_t>, std::vector<std::uint8_t>>;
    Hdf5Type type = Hdf5Type::float32;
    std::vector<std::uint64_t> shape;  ///< empty: a single number
    Values values;
    std::string unit;  ///< attribute "unit", left out when empty
};

using Hdf5Attribute = std::variant<std::int64_t, double, std::string>;

struct Hdf5Group {
    std::map<std::string, Hdf5Attribute> attributes;
    std::map<std::string, Hdf5Dataset> datasets;
    std::map<std::string, Hdf5Group> groups;
};

/// The file's bytes. The same tree gives the same bytes: no times, no paths, fixed library version bounds (1.10, whose
/// metadata carry checksums).
Result<std::vector<std::byte>> hdf5Bytes(const Hdf5Group& root);

/// Reads a whole file. Files are untrusted: links out of the file, foreign layouts and filters, sizes that the file
/// cannot hold and trees deeper than 8 are refused, before anything large is allocated. The message names the file.
/// Groups of the names in `without` are left out, at any depth: what they hold is not read.
Result<Hdf5Group> readHdf5(const std::filesystem::path& path, const std::set<std::string>& without = {});
/// Attributes of the root group only: what costs nothing to ask of a large file.
Result<std::map<std::string, Hdf5Attribute>> readHdf5Attributes(const std::filesystem::path& path);

}  // namespace quantoscope
