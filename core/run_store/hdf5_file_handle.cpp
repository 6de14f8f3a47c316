#include "core/run_store/hdf5_file_handle.h"

#include <cstddef>

namespace quantoscope::hdf5 {
namespace {

std::mutex& libraryMutex() {
    static std::mutex mutex;
    return mutex;
}

herr_t appendFrame(unsigned, const H5E_error2_t* frame, void* target) {
    auto& text = *static_cast<std::string*>(target);
    if (text.size() > 4000) return 0;
    if (!text.empty()) text.append("; ");
    text.append(frame->func_name != nullptr ? frame->func_name : "?").append(": ");
    text.append(frame->desc != nullptr ? frame->desc : "?");
    return 0;
}

/// IEEE binary16, little-endian: HDF5 1.10 has no name for it.
hid_t makeHalf() {
    const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
    if (type < 0) return type;
    const bool made =
        H5Tset_fields(type, 15, 10, 5, 0, 10) >= 0 && H5Tset_ebias(type, 15) >= 0 && H5Tset_size(type, 2) >= 0;
    if (made) return type;
    H5Tclose(type);
    return H5I_INVALID_HID;
}

}  // namespace

Session::Session() : guard_(libraryMutex()) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string stackText() {
    std::string text;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, appendFrame, &text);
    H5Eclear2(H5E_DEFAULT);
    return text;
}

Handle storedType(Hdf5Type type) {
    switch (type) {
        case Hdf5Type::float16:
            return {makeHalf(), H5Tclose};
        case Hdf5Type::float32:
            return {H5Tcopy(H5T_IEEE_F32LE), H5Tclose};
        case Hdf5Type::float64:
            return {H5Tcopy(H5T_IEEE_F64LE), H5Tclose};
        case Hdf5Type::int64:
            return {H5Tcopy(H5T_STD_I64LE), H5Tclose};
        case Hdf5Type::uint64:
            return {H5Tcopy(H5T_STD_U64LE), H5Tclose};
        case Hdf5Type::uint8:
            return {H5Tcopy(H5T_STD_U8LE), H5Tclose};
    }
    return {H5I_INVALID_HID, H5Tclose};
}

std::size_t typeBytes(Hdf5Type type) {
    switch (type) {
        case Hdf5Type::float16:
            return 2;
        case Hdf5Type::float32:
            return 4;
        case Hdf5Type::uint8:
            return 1;
        default:
            return 8;
    }
}

}  // namespace quantoscope::hdf5
