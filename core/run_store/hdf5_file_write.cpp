#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include "core/run_store/hdf5_file.h"
#include "core/run_store/hdf5_file_handle.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope {
namespace {

using hdf5::Handle;

constexpr std::size_t kMemoryStep_bytes = std::size_t{1} << 20;
/// Small data sets are stored as they are; larger ones as one compressed chunk with a checksum.
constexpr std::size_t kChunked_bytes = 512;

std::unexpected<Error> libraryFailure(const std::string& what) {
    return failure("The result file could not be put together (" + what + ").", {}, hdf5::stackText());
}

/// A power of two that brings the largest magnitude to [2^14, 2^15): float16 keeps its eleven bits for small values
/// too.
float halfScale(std::span<const float> values) {
    float largest = 0.0F;
    for (const float value : values)
        if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
    if (largest == 0.0F) return 1.0F;
    return std::ldexp(1.0F, std::clamp(std::ilogb(largest) - 14, -100, 112));
}

std::vector<std::uint16_t> halves(std::span<const float> values, float scale) {
    std::vector<float> scaled(values.begin(), values.end());
    const float factor = 1.0F / scale;
    for (float& value : scaled) value *= factor;
    std::vector<std::uint16_t> stored(values.size());
    kernels::floatToHalf(scaled.data(), stored.data(), stored.size());
    return stored;
}

Status writeAttribute(hid_t object, const std::string& name, const Hdf5Attribute& value) {
    const bool is_text = std::holds_alternative<std::string>(value);
    Handle type = is_text
                      ? Handle(H5Tcopy(H5T_C_S1), H5Tclose)
                      : hdf5::storedType(std::holds_alternative<double>(value) ? Hdf5Type::float64 : Hdf5Type::int64);
    const void* data = std::visit([](const auto& held) -> const void* { return &held; }, value);
    if (is_text) {
        const auto& text = std::get<std::string>(value);
        const bool fits = H5Tset_size(type.get(), std::max<std::size_t>(text.size(), 1)) >= 0 &&
                          H5Tset_strpad(type.get(), H5T_STR_NULLPAD) >= 0 &&
                          H5Tset_cset(type.get(), H5T_CSET_UTF8) >= 0;
        if (!fits) return libraryFailure(name);
        data = text.c_str();
    }
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(H5Acreate2(object, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    if (!attribute.valid() || H5Awrite(attribute.get(), type.get(), data) < 0) return libraryFailure(name);
    return {};
}

/// Creation list without times; one chunk, shuffled, deflated and checksummed when the data are large.
Result<Handle> datasetLayout(const Hdf5Dataset& dataset, const std::vector<hsize_t>& shape, std::size_t bytes) {
    Handle list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    bool made = list.valid() && H5Pset_obj_track_times(list.get(), false) >= 0;
    const bool chunked = bytes >= kChunked_bytes && bytes < std::numeric_limits<std::uint32_t>::max() && !shape.empty();
    if (made && chunked) {
        made = H5Pset_chunk(list.get(), static_cast<int>(shape.size()), shape.data()) >= 0;
        if (hdf5::typeBytes(dataset.type) > 1) made = made && H5Pset_shuffle(list.get()) >= 0;
        made = made && H5Pset_deflate(list.get(), 4) >= 0 && H5Pset_fletcher32(list.get()) >= 0;
    }
    if (!made) return libraryFailure("layout");
    return list;
}

Status writeDataset(hid_t parent, const std::string& name, const Hdf5Dataset& dataset) {
    const std::vector<hsize_t> shape(dataset.shape.begin(), dataset.shape.end());
    std::size_t count = 1;
    for (const auto extent : shape) count *= extent;
    const std::size_t held = std::visit([](const auto& values) { return values.size(); }, dataset.values);
    if (held != count)
        return failure("The result file could not be put together (" + name + " has another shape than its values).");
    QS_ASSIGN(const Handle list, datasetLayout(dataset, shape, count * hdf5::typeBytes(dataset.type)));
    const Handle space(
        shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
        H5Sclose);
    const Handle type = hdf5::storedType(dataset.type);
    const Handle set(H5Dcreate2(parent, name.c_str(), type.get(), space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT),
                     H5Dclose);
    if (!set.valid()) return libraryFailure(name);
    std::vector<std::uint16_t> half_values;
    const void* data = std::visit([](const auto& values) -> const void* { return values.data(); }, dataset.values);
    if (dataset.type == Hdf5Type::float16) {
        const auto& values = std::get<std::vector<float>>(dataset.values);
        const float scale = halfScale(values);
        half_values = halves(values, scale);
        data = half_values.data();
        QS_TRY(writeAttribute(set.get(), "scale", static_cast<double>(scale)));
    }
    if (!dataset.unit.empty()) QS_TRY(writeAttribute(set.get(), "unit", dataset.unit));
    if (count > 0 && H5Dwrite(set.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        return libraryFailure(name);
    return {};
}

Status writeGroup(hid_t group, const Hdf5Group& content) {
    for (const auto& [name, value] : content.attributes) QS_TRY(writeAttribute(group, name, value));
    for (const auto& [name, dataset] : content.datasets) QS_TRY(writeDataset(group, name, dataset));
    for (const auto& [name, inner] : content.groups) {
        const Handle list(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
        H5Pset_obj_track_times(list.get(), false);
        const Handle child(H5Gcreate2(group, name.c_str(), H5P_DEFAULT, list.get(), H5P_DEFAULT), H5Gclose);
        if (!child.valid()) return libraryFailure(name);
        QS_TRY(writeGroup(child.get(), inner));
    }
    return {};
}

void mix(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c) {
    const auto step = [](std::uint32_t& x, std::uint32_t& y, std::uint32_t& z, int turn) {
        x -= z;
        x ^= std::rotl(z, turn);
        z += y;
    };
    step(a, b, c, 4);
    step(b, c, a, 6);
    step(c, a, b, 8);
    step(a, b, c, 16);
    step(b, c, a, 19);
    step(c, a, b, 4);
}

/// HDF5's metadata checksum (Jenkins' lookup3) of the 44 bytes before a superblock's checksum.
std::uint32_t superblockChecksum(const std::byte* bytes) {
    std::array<std::uint32_t, 11> words{};
    std::memcpy(words.data(), bytes, 44);
    std::uint32_t a = 0xDEADBEEFU + 44;
    std::uint32_t b = a;
    std::uint32_t c = a;
    for (std::size_t i = 0; i < 9; i += 3) {
        a += words[i];
        b += words[i + 1];
        c += words[i + 2];
        mix(a, b, c);
    }
    a += words[9];
    b += words[10];
    const auto step = [](std::uint32_t& x, std::uint32_t y, int turn) {
        x ^= y;
        x -= std::rotl(y, turn);
    };
    step(c, b, 14);
    step(a, c, 11);
    step(b, a, 25);
    step(c, b, 16);
    step(a, c, 4);
    step(b, a, 14);
    step(c, b, 24);
    return c;
}

}  // namespace

Result<std::vector<std::byte>> hdf5Bytes(const Hdf5Group& root) {
    const hdf5::Session session;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
    // Built in memory: a full disk is then an ordinary failed write of ours, not a library half way through a flush.
    if (H5Pset_fapl_core(access.get(), kMemoryStep_bytes, false) < 0 ||
        H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110) < 0 ||
        H5Pset_obj_track_times(creation.get(), false) < 0)
        return libraryFailure("set-up");
    const Handle file(H5Fcreate("memory", H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose);
    if (!file.valid()) return libraryFailure("set-up");
    {
        const Handle group(H5Gopen2(file.get(), "/", H5P_DEFAULT), H5Gclose);
        if (!group.valid()) return libraryFailure("root");
        QS_TRY(writeGroup(group.get(), root));
    }
    if (H5Fflush(file.get(), H5F_SCOPE_LOCAL) < 0) return libraryFailure("flush");
    const ssize_t size = H5Fget_file_image(file.get(), nullptr, 0);
    if (size < 48) return libraryFailure("image");
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    if (H5Fget_file_image(file.get(), bytes.data(), bytes.size()) != size) return libraryFailure("image");
    // HDF5 1.10 clears the "open for writing" mark in the image's superblock and leaves its checksum as it was.
    const std::uint32_t checksum = superblockChecksum(bytes.data());
    std::memcpy(bytes.data() + 44, &checksum, sizeof checksum);
    return bytes;
}

}  // namespace quantoscope
