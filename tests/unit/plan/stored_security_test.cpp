#include "plan/stored_security.hpp"

#include <gtest/gtest.h>

#include "plan/security_descriptor.hpp"

namespace winnow {
namespace {

Bytes sddl(const char* text) { return parse_sddl(text).value(); }

TEST(StoredSecurity, GenericRightsBecomeThoseOfTheObject) {
  EXPECT_EQ(stored_descriptor(sddl("O:SYG:SYD:(A;;GA;;;SY)(A;;GRGX;;;BU)"), SecuredObject::file),
            sddl("O:SYG:SYD:(A;;0x1F01FF;;;SY)(A;;0x1200A9;;;BU)"));
  EXPECT_EQ(stored_descriptor(sddl("D:(A;;GA;;;SY)(A;;GR;;;BU)(A;;GW;;;BA)"), SecuredObject::key),
            sddl("D:(A;;0xF003F;;;SY)(A;;0x20019;;;BU)(A;;0x20006;;;BA)"));
}

// As all 1,410 keys of a real SYSTEM hive that have the descriptor of Windows' protected keys.
TEST(StoredSecurity, InheritedGenericRightsAreSplit) {
  EXPECT_EQ(stored_descriptor(sddl("O:SYG:SYD:P(A;CI;GA;;;SY)(A;CI;KR;;;BU)(A;CIIO;GA;;;CO)"), SecuredObject::key),
            sddl("O:SYG:SYD:P(A;;0xF003F;;;SY)(A;CIIO;GA;;;SY)(A;CI;0x20019;;;BU)(A;CIIO;GA;;;CO)"));
}

TEST(StoredSecurity, ChildrenInheritWhatIsForThem) {
  const Bytes parent = sddl("O:BAG:BAD:P(A;;FA;;;BA)(A;OICI;FA;;;SY)(A;OICIIO;GA;;;CO)(A;CI;FR;;;BU)(A;OINP;FX;;;AU)");
  const Bytes own = sddl("O:SYG:SYD:AIS:");
  EXPECT_EQ(inherited_descriptor(parent, own, SecuredObject::file),
            sddl("O:SYG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;SY)(A;ID;FX;;;AU)"));
  EXPECT_EQ(inherited_descriptor(parent, own, SecuredObject::folder),
            sddl("O:SYG:SYD:AI(A;OICIID;FA;;;SY)(A;ID;FA;;;SY)(A;OICIIOID;GA;;;CO)(A;CIID;FR;;;BU)"));
}

TEST(StoredSecurity, OnlyAnEmptyOpenListIsLeftToTheParent) {
  EXPECT_TRUE(is_left_to_parent(sddl("O:SYG:SYD:AIS:")));
  EXPECT_FALSE(is_left_to_parent(sddl("O:SYG:SYD:P")));
  EXPECT_FALSE(is_left_to_parent(sddl("O:SYG:SYD:AI(A;;FA;;;SY)")));
  EXPECT_FALSE(is_left_to_parent(sddl("O:SYG:SY")));
}

}  // namespace
}  // namespace winnow
