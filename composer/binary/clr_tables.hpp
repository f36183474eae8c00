// Row layouts of the .NET metadata tables that come before ModuleRef, as data (ECMA-335, 6th edition: rows in II.22,
// index widths in II.24.2.6; the "Ptr" tables of edit-and-continue metadata after the same pattern).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace winnow::clr {

inline constexpr std::size_t kTableCount = 64;  // bits of the mask that says which tables there are (II.24.2.6)

// The numbers of tables that columns point into (II.22).
enum Table : std::uint8_t {
  kModule = 0x00,
  kTypeRef = 0x01,
  kTypeDef = 0x02,
  kField = 0x04,
  kMethodDef = 0x06,
  kParam = 0x08,
  kInterfaceImpl = 0x09,
  kMemberRef = 0x0a,
  kDeclSecurity = 0x0e,
  kStandAloneSig = 0x11,
  kEvent = 0x14,
  kProperty = 0x17,
  kModuleRef = 0x1a,
  kTypeSpec = 0x1b,
  kAssembly = 0x20,
  kAssemblyRef = 0x23,
  kFile = 0x26,
  kExportedType = 0x27,
  kManifestResource = 0x28,
  kGenericParam = 0x2a,
  kMethodSpec = 0x2b,
  kGenericParamConstraint = 0x2c
};

// II.24.2.6: the low `tag_bits` of a coded index choose one of `tables`.
inline constexpr std::array kTypeDefOrRefTables{kTypeDef, kTypeRef, kTypeSpec};
inline constexpr std::array kHasConstantTables{kField, kParam, kProperty};
inline constexpr std::array kHasCustomAttributeTables{kMethodDef,        kField,        kTypeRef,
                                                      kTypeDef,          kParam,        kInterfaceImpl,
                                                      kMemberRef,        kModule,       kDeclSecurity,
                                                      kProperty,         kEvent,        kStandAloneSig,
                                                      kModuleRef,        kTypeSpec,     kAssembly,
                                                      kAssemblyRef,      kFile,         kExportedType,
                                                      kManifestResource, kGenericParam, kGenericParamConstraint,
                                                      kMethodSpec};
inline constexpr std::array kHasFieldMarshalTables{kField, kParam};
inline constexpr std::array kHasDeclSecurityTables{kTypeDef, kMethodDef, kAssembly};
inline constexpr std::array kMemberRefParentTables{kTypeDef, kTypeRef, kModuleRef, kMethodDef, kTypeSpec};
inline constexpr std::array kHasSemanticsTables{kEvent, kProperty};
inline constexpr std::array kMethodDefOrRefTables{kMethodDef, kMemberRef};
inline constexpr std::array kCustomAttributeTypeTables{kMethodDef, kMemberRef};
inline constexpr std::array kResolutionScopeTables{kModule, kModuleRef, kAssemblyRef, kTypeRef};

// A column is as wide as `size` says, or 2 or 4 bytes: 4 when `heap` is marked large, or when one of `tables` has too
// many rows for what `tag_bits` leave of 16 bits.
struct Column {
  std::uint8_t size = 0;
  std::uint8_t heap = 0;  // the heap's bit in HeapSizes
  std::span<const Table> tables{};
  std::uint8_t tag_bits = 0;
};
inline constexpr Column k2{2}, k4{4};
inline constexpr Column kString{0, 1}, kGuid{0, 2}, kBlob{0, 4};
inline constexpr Column kTypeDefOrRef{0, 0, kTypeDefOrRefTables, 2};
inline constexpr Column kHasConstant{0, 0, kHasConstantTables, 2};
inline constexpr Column kHasCustomAttribute{0, 0, kHasCustomAttributeTables, 5};
inline constexpr Column kHasFieldMarshal{0, 0, kHasFieldMarshalTables, 1};
inline constexpr Column kHasDeclSecurity{0, 0, kHasDeclSecurityTables, 2};
inline constexpr Column kMemberRefParent{0, 0, kMemberRefParentTables, 3};
inline constexpr Column kHasSemantics{0, 0, kHasSemanticsTables, 1};
inline constexpr Column kMethodDefOrRef{0, 0, kMethodDefOrRefTables, 1};
inline constexpr Column kCustomAttributeType{0, 0, kCustomAttributeTypeTables, 3};
inline constexpr Column kResolutionScope{0, 0, kResolutionScopeTables, 2};
inline constexpr Column kFieldIndex{0, 0, {&kHasConstantTables[0], 1}};
inline constexpr Column kParamIndex{0, 0, {&kHasConstantTables[1], 1}};
inline constexpr Column kPropertyIndex{0, 0, {&kHasConstantTables[2], 1}};
inline constexpr Column kTypeDefIndex{0, 0, {&kTypeDefOrRefTables[0], 1}};
inline constexpr Column kMethodDefIndex{0, 0, {&kMethodDefOrRefTables[0], 1}};
inline constexpr Column kEventIndex{0, 0, {&kHasSemanticsTables[0], 1}};

inline constexpr std::size_t kMaxColumns = 6;
using Row = std::array<Column, kMaxColumns>;  // unused places have width 0 and no tables
// By table number, 0x00 to 0x19.
inline constexpr std::array<Row, kModuleRef> kRows{{
    {k2, kString, kGuid, kGuid, kGuid},                                   // 00 Module
    {kResolutionScope, kString, kString},                                 // 01 TypeRef
    {k4, kString, kString, kTypeDefOrRef, kFieldIndex, kMethodDefIndex},  // 02 TypeDef
    {kFieldIndex},                                                        // 03 FieldPtr
    {k2, kString, kBlob},                                                 // 04 Field
    {kMethodDefIndex},                                                    // 05 MethodPtr
    {k4, k2, k2, kString, kBlob, kParamIndex},                            // 06 MethodDef
    {kParamIndex},                                                        // 07 ParamPtr
    {k2, k2, kString},                                                    // 08 Param
    {kTypeDefIndex, kTypeDefOrRef},                                       // 09 InterfaceImpl
    {kMemberRefParent, kString, kBlob},                                   // 0a MemberRef
    {k2, kHasConstant, kBlob},                                            // 0b Constant
    {kHasCustomAttribute, kCustomAttributeType, kBlob},                   // 0c CustomAttribute
    {kHasFieldMarshal, kBlob},                                            // 0d FieldMarshal
    {k2, kHasDeclSecurity, kBlob},                                        // 0e DeclSecurity
    {k2, k4, kTypeDefIndex},                                              // 0f ClassLayout
    {k4, kFieldIndex},                                                    // 10 FieldLayout
    {kBlob},                                                              // 11 StandAloneSig
    {kTypeDefIndex, kEventIndex},                                         // 12 EventMap
    {kEventIndex},                                                        // 13 EventPtr
    {k2, kString, kTypeDefOrRef},                                         // 14 Event
    {kTypeDefIndex, kPropertyIndex},                                      // 15 PropertyMap
    {kPropertyIndex},                                                     // 16 PropertyPtr
    {k2, kString, kBlob},                                                 // 17 Property
    {k2, kMethodDefIndex, kHasSemantics},                                 // 18 MethodSemantics
    {kTypeDefIndex, kMethodDefOrRef, kMethodDefOrRef},                    // 19 MethodImpl
}};

}  // namespace winnow::clr
