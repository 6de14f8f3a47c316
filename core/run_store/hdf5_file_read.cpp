#include <sys/stat.h>

#include <array>
#include <limits>

#include "core/run_store/hdf5_file.h"
#include "core/run_store/hdf5_file_handle.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope {
namespace {

using hdf5::Handle;

constexpr int kDeepestGroup = 8;
constexpr int kMostDimensions = 8;
constexpr std::uint64_t kMostObjects = 100'000;
constexpr std::uint64_t kMostAttribute_bytes = 1 << 16;
/// Deflate cannot pack more than 1032 to 1.
constexpr std::uint64_t kMostPacking = 1100;

/// One file being read: what it may still cost, and how a refusal is worded.
struct Reader {
    std::string path;
    std::uint64_t file_bytes = 0;
    std::uint64_t objects = 0;
    std::set<std::string> without;  ///< groups of these names are not entered

    std::unexpected<Error> refuse(const std::string& what) const {
        return failure("The result file '" + path + "' is damaged: " + what + "; delete it and resume the run.", path,
                       hdf5::stackText());
    }
};

Result<Hdf5Attribute> readAttribute(const Reader& reader, hid_t object, const std::string& name) {
    const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
    const Handle type(H5Aget_type(attribute.get()), H5Tclose);
    const Handle space(H5Aget_space(attribute.get()), H5Sclose);
    if (!attribute.valid() || !type.valid() || !space.valid() || H5Sget_simple_extent_type(space.get()) != H5S_SCALAR)
        return reader.refuse("attribute '" + name + "' cannot be read");
    const std::size_t size = H5Tget_size(type.get());
    if (H5Tget_class(type.get()) == H5T_STRING && H5Tis_variable_str(type.get()) == 0 && size <= kMostAttribute_bytes) {
        std::string text(size, '\0');
        if (H5Aread(attribute.get(), type.get(), text.data()) < 0)
            return reader.refuse("attribute '" + name + "' cannot be read");
        text.resize(text.find('\0') == std::string::npos ? size : text.find('\0'));
        return Hdf5Attribute(std::move(text));
    }
    for (const auto wanted : {Hdf5Type::int64, Hdf5Type::float64}) {
        const Handle known = hdf5::storedType(wanted);
        if (H5Tequal(type.get(), known.get()) <= 0) continue;
        std::int64_t whole = 0;
        double real = 0.0;
        void* target = wanted == Hdf5Type::int64 ? static_cast<void*>(&whole) : &real;
        if (H5Aread(attribute.get(), known.get(), target) < 0) break;
        return wanted == Hdf5Type::int64 ? Hdf5Attribute(whole) : Hdf5Attribute(real);
    }
    return reader.refuse("attribute '" + name + "' has an unknown type");
}

herr_t collectName(hid_t, const char* name, const H5A_info_t*, void* target) {
    static_cast<std::vector<std::string>*>(target)->emplace_back(name);
    return 0;
}

Result<std::map<std::string, Hdf5Attribute>> readAttributes(const Reader& reader, hid_t object) {
    std::vector<std::string> names;
    if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collectName, &names) < 0)
        return reader.refuse("attributes cannot be listed");
    std::map<std::string, Hdf5Attribute> attributes;
    for (const auto& name : names) {
        QS_ASSIGN(attributes[name], readAttribute(reader, object, name));
    }
    return attributes;
}

Result<Hdf5Type> datasetType(const Reader& reader, hid_t set, const std::string& name) {
    const Handle type(H5Dget_type(set), H5Tclose);
    for (const auto known :
         {Hdf5Type::float16, Hdf5Type::float32, Hdf5Type::float64, Hdf5Type::int64, Hdf5Type::uint64, Hdf5Type::uint8})
        if (H5Tequal(type.get(), hdf5::storedType(known).get()) > 0) return known;
    return reader.refuse("'" + name + "' has an unknown type");
}

/// Only what hdf5Bytes() writes: no data outside the file, no virtual layout, no filters that load code.
Status checkLayout(const Reader& reader, hid_t set, const std::string& name, std::uint64_t bytes) {
    const Handle list(H5Dget_create_plist(set), H5Pclose);
    if (!list.valid()) return reader.refuse("'" + name + "' has no layout");
    const H5D_layout_t layout = H5Pget_layout(list.get());
    if (H5Pget_external_count(list.get()) != 0 || layout == H5D_VIRTUAL || layout < 0)
        return reader.refuse("'" + name + "' points outside the file");
    const int filters = H5Pget_nfilters(list.get());
    for (int i = 0; i < filters; ++i) {
        unsigned flags = 0;
        std::size_t count = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(list.get(), static_cast<unsigned>(i), &flags, &count, nullptr, 0, nullptr, nullptr);
        if (filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_FLETCHER32)
            return reader.refuse("'" + name + "' uses an unknown filter");
    }
    if (layout == H5D_CHUNKED) {
        std::array<hsize_t, kMostDimensions> chunk{};
        const int rank = H5Pget_chunk(list.get(), kMostDimensions, chunk.data());
        long double chunk_elements = rank > 0 && rank <= kMostDimensions ? 1.0L : -1.0L;
        for (int i = 0; i < rank && i < kMostDimensions; ++i)
            chunk_elements *= static_cast<long double>(chunk[static_cast<std::size_t>(i)]);
        if (chunk_elements < 0 || chunk_elements > static_cast<long double>(bytes))
            return reader.refuse("'" + name + "' has an absurd chunk size");
    }
    const std::uint64_t stored = H5Dget_storage_size(set);
    if (bytes > 0 && (stored == 0 || stored > reader.file_bytes || bytes / kMostPacking > stored))
        return reader.refuse("'" + name + "' is larger than the file can hold");
    return {};
}

Result<std::vector<std::uint64_t>> datasetShape(const Reader& reader, hid_t set, const std::string& name,
                                                std::uint64_t& count) {
    const Handle space(H5Dget_space(set), H5Sclose);
    const int rank = H5Sget_simple_extent_ndims(space.get());
    if (!space.valid() || rank < 0 || rank > kMostDimensions || H5Sget_simple_extent_type(space.get()) == H5S_NULL)
        return reader.refuse("'" + name + "' has an unknown shape");
    std::array<hsize_t, kMostDimensions> shape{};
    H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr);
    count = 1;
    for (int i = 0; i < rank; ++i) {
        const hsize_t extent = shape[static_cast<std::size_t>(i)];
        if (extent != 0 && count > (std::uint64_t{1} << 48) / extent)
            return reader.refuse("'" + name + "' has an absurd size");
        count *= extent;
    }
    return std::vector<std::uint64_t>(shape.begin(), shape.begin() + rank);
}

template <typename Number>
Status readValues(const Reader& reader, hid_t set, const std::string& name, const Handle& type,
                  std::vector<Number>& values) {
    if (!values.empty() && H5Dread(set, type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
        return reader.refuse("'" + name + "' cannot be read");
    return {};
}

/// Reads `count` stored numbers into the vector type that `dataset.type` has in memory.
Status readNumbers(const Reader& reader, hid_t set, const std::string& name, std::uint64_t count, double scale,
                   Hdf5Dataset& dataset) {
    const Handle type = hdf5::storedType(dataset.type);
    switch (dataset.type) {
        case Hdf5Type::float16: {
            std::vector<std::uint16_t> stored(count);
            QS_TRY(readValues(reader, set, name, type, stored));
            std::vector<float> values(count);
            kernels::halfToFloat(stored.data(), values.data(), count);
            for (float& value : values) value *= static_cast<float>(scale);
            dataset.values = std::move(values);
            return {};
        }
        case Hdf5Type::float32:
            return readValues(reader, set, name, type, dataset.values.emplace<0>(count));
        case Hdf5Type::float64:
            return readValues(reader, set, name, type, dataset.values.emplace<1>(count));
        case Hdf5Type::int64:
            return readValues(reader, set, name, type, dataset.values.emplace<2>(count));
        case Hdf5Type::uint64:
            return readValues(reader, set, name, type, dataset.values.emplace<3>(count));
        case Hdf5Type::uint8:
            return readValues(reader, set, name, type, dataset.values.emplace<4>(count));
    }
    return reader.refuse("'" + name + "' has an unknown type");
}

Result<Hdf5Dataset> readDataset(const Reader& reader, hid_t parent, const std::string& name) {
    const Handle set(H5Dopen2(parent, name.c_str(), H5P_DEFAULT), H5Dclose);
    if (!set.valid()) return reader.refuse("'" + name + "' cannot be opened");
    Hdf5Dataset dataset;
    QS_ASSIGN(dataset.type, datasetType(reader, set.get(), name));
    std::uint64_t count = 0;
    QS_ASSIGN(dataset.shape, datasetShape(reader, set.get(), name, count));
    QS_TRY(checkLayout(reader, set.get(), name, count * hdf5::typeBytes(dataset.type)));
    QS_ASSIGN(const auto attributes, readAttributes(reader, set.get()));
    if (const auto unit = attributes.find("unit"); unit != attributes.end())
        if (const auto* text = std::get_if<std::string>(&unit->second)) dataset.unit = *text;
    double scale = 1.0;
    if (const auto found = attributes.find("scale"); found != attributes.end())
        if (const auto* number = std::get_if<double>(&found->second)) scale = *number;
    QS_TRY(readNumbers(reader, set.get(), name, count, scale, dataset));
    return dataset;
}

struct LinkName {
    std::string name;
    H5L_type_t type;
};
herr_t collectLink(hid_t, const char* name, const H5L_info_t* info, void* target) {
    auto& links = *static_cast<std::vector<LinkName>*>(target);
    if (links.size() > kMostObjects) return -1;
    links.push_back({name, info->type});
    return 0;
}

Result<Hdf5Group> readGroup(Reader& reader, hid_t group, int depth) {
    if (depth > kDeepestGroup) return reader.refuse("its groups are nested too deeply");
    Hdf5Group content;
    QS_ASSIGN(content.attributes, readAttributes(reader, group));
    std::vector<LinkName> links;
    if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collectLink, &links) < 0)
        return reader.refuse("its list of contents cannot be read");
    for (const auto& [name, type] : links) {
        if (++reader.objects > kMostObjects) return reader.refuse("it holds too many objects");
        if (type != H5L_TYPE_HARD) return reader.refuse("'" + name + "' points elsewhere");
        H5O_info_t info{};
        if (H5Oget_info_by_name2(group, name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
            return reader.refuse("'" + name + "' cannot be opened");
        if (info.type == H5O_TYPE_GROUP) {
            if (reader.without.contains(name)) continue;
            const Handle child(H5Gopen2(group, name.c_str(), H5P_DEFAULT), H5Gclose);
            if (!child.valid()) return reader.refuse("'" + name + "' cannot be opened");
            QS_ASSIGN(content.groups[name], readGroup(reader, child.get(), depth + 1));
        } else if (info.type == H5O_TYPE_DATASET) {
            QS_ASSIGN(content.datasets[name], readDataset(reader, group, name));
        } else {
            return reader.refuse("'" + name + "' is of an unknown kind");
        }
    }
    return content;
}

Result<Handle> openFile(Reader& reader, const std::filesystem::path& path) {
    reader.path = path.string();
    struct stat facts{};
    if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode))
        return failure("There is no result file '" + reader.path + "'.", reader.path);
    reader.file_bytes = static_cast<std::uint64_t>(facts.st_size);
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    // Finished files never change, and network disks often have no locks. Raw data are read past the cache.
    H5Pset_file_locking(access.get(), false, true);
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
    if (!file.valid()) return reader.refuse("it is cut short or not an HDF5 file");
    return file;
}

}  // namespace

Result<Hdf5Group> readHdf5(const std::filesystem::path& path, const std::set<std::string>& without) {
    const hdf5::Session session;
    Reader reader;
    reader.without = without;
    QS_ASSIGN(const Handle file, openFile(reader, path));
    const Handle root(H5Gopen2(file.get(), "/", H5P_DEFAULT), H5Gclose);
    if (!root.valid()) return reader.refuse("it has no contents");
    return readGroup(reader, root.get(), 0);
}

Result<std::map<std::string, Hdf5Attribute>> readHdf5Attributes(const std::filesystem::path& path) {
    const hdf5::Session session;
    Reader reader;
    QS_ASSIGN(const Handle file, openFile(reader, path));
    const Handle root(H5Gopen2(file.get(), "/", H5P_DEFAULT), H5Gclose);
    if (!root.valid()) return reader.refuse("it has no contents");
    return readAttributes(reader, root.get());
}

}  // namespace quantoscope
