// One small month of security updates in each spelling Microsoft uses. The three say the same but for what CSAF has no
// word for.
#pragma once

#include <string>

namespace winnow::testing {

inline const std::string kCvrfXml = R"xml(<?xml version="1.0" encoding="utf-8"?>
<cvrf:cvrfdoc xmlns:cvrf="http://www.icasi.org/CVRF/schema/cvrf/1.1"
    xmlns:prod="http://www.icasi.org/CVRF/schema/prod/1.1" xmlns:vuln="http://www.icasi.org/CVRF/schema/vuln/1.1">
  <cvrf:DocumentTitle>March 2016 Security Updates</cvrf:DocumentTitle>
  <cvrf:DocumentTracking>
    <cvrf:Identification><cvrf:ID>2016-Mar</cvrf:ID></cvrf:Identification>
    <cvrf:InitialReleaseDate>2016-03-08T08:00:00Z</cvrf:InitialReleaseDate>
  </cvrf:DocumentTracking>
  <prod:ProductTree>
    <prod:Branch Type="Vendor" Name="Microsoft"><prod:Branch Type="Product Family" Name="Windows">
      <prod:FullProductName ProductID="100">Windows Server 2016</prod:FullProductName>
      <prod:FullProductName ProductID="101">Windows Server 2016  (Server Core installation)</prod:FullProductName>
    </prod:Branch></prod:Branch>
  </prod:ProductTree>
  <vuln:Vulnerability Ordinal="0">
    <vuln:Title>Example Spooler Elevation of Privilege Vulnerability</vuln:Title>
    <vuln:Notes>
      <vuln:Note Title="Description" Type="Description" Ordinal="0">&lt;p&gt;The file Spool64.DLL is wrong.&lt;/p&gt;</vuln:Note>
      <vuln:Note Title="Example Print Spooler" Type="Tag" Ordinal="20">Example Print Spooler</vuln:Note>
      <vuln:Note Title="Microsoft" Type="CNA" Ordinal="30">Microsoft</vuln:Note>
    </vuln:Notes>
    <vuln:CVE>CVE-2016-9001</vuln:CVE>
    <vuln:ProductStatuses><vuln:Status Type="Known Affected">
      <vuln:ProductID>100</vuln:ProductID><vuln:ProductID>101</vuln:ProductID>
    </vuln:Status></vuln:ProductStatuses>
    <vuln:Threats>
      <vuln:Threat Type="Impact"><vuln:Description>Elevation of Privilege</vuln:Description>
        <vuln:ProductID>100</vuln:ProductID><vuln:ProductID>101</vuln:ProductID></vuln:Threat>
      <vuln:Threat Type="Severity"><vuln:Description>Critical</vuln:Description>
        <vuln:ProductID>100</vuln:ProductID></vuln:Threat>
      <vuln:Threat Type="Severity"><vuln:Description>Important</vuln:Description>
        <vuln:ProductID>101</vuln:ProductID></vuln:Threat>
      <vuln:Threat Type="Exploit Status"><vuln:Description>Exploited:No</vuln:Description></vuln:Threat>
    </vuln:Threats>
    <vuln:Remediations>
      <vuln:Remediation Type="Vendor Fix">
        <vuln:Description>9000001</vuln:Description>
        <vuln:Supercedence>8000001</vuln:Supercedence>
        <vuln:ProductID>100</vuln:ProductID><vuln:ProductID>101</vuln:ProductID>
        <vuln:AffectedFiles><vuln:AffectedFile><vuln:FileName>spoolsv.exe;see;win32spl.dll;</vuln:FileName></vuln:AffectedFile></vuln:AffectedFiles>
        <vuln:RestartRequired>Yes</vuln:RestartRequired>
        <vuln:SubType>Security Update</vuln:SubType>
        <vuln:FixedBuild>10.0.14393.9</vuln:FixedBuild>
      </vuln:Remediation>
      <vuln:Remediation Type="Workaround"><vuln:Description>Stop it.</vuln:Description></vuln:Remediation>
    </vuln:Remediations>
    <vuln:RevisionHistory>
      <vuln:Revision><cvrf:Number>1.1</cvrf:Number><cvrf:Date>2016-03-10T08:00:00</cvrf:Date></vuln:Revision>
      <vuln:Revision><cvrf:Number>1.0</cvrf:Number><cvrf:Date>2016-03-08T08:00:00</cvrf:Date></vuln:Revision>
    </vuln:RevisionHistory>
  </vuln:Vulnerability>
</cvrf:cvrfdoc>
)xml";

inline const std::string kCvrfJson = R"text({
 "DocumentTitle": {"Value": "March 2016 Security Updates"},
 "DocumentTracking": {"Identification": {"ID": {"Value": "2016-Mar"}, "Alias": {"Value": "2016-Mar"}},
                      "InitialReleaseDate": "2016-03-08T08:00:00Z"},
 "ProductTree": {
  "Branch": [{"Type": 0, "Name": "Microsoft", "Items": [{"Type": 1, "Name": "Windows", "Items": [
    {"ProductID": "100", "Value": "Windows Server 2016"},
    {"ProductID": "101", "Value": "Windows Server 2016  (Server Core installation)"
}]
}]
}],
  "FullProductName": [{"ProductID": "100", "Value": "Windows Server 2016"},
                      {"ProductID": "101", "Value": "Windows Server 2016  (Server Core installation)"}]
}
, "Vulnerability": [ {
  "Title": {"Value": "Example Spooler Elevation of Privilege Vulnerability"},
  "Notes": [
    {"Title": "Description", "Type": 2, "Ordinal": "0", "Value": "<p>The file Spool64.DLL is wrong.</p>"},
    {"Title": "Example Print Spooler", "Type": 7, "Ordinal": "20", "Value": "Example Print Spooler"},
    {"Title": "Microsoft", "Type": 8, "Ordinal": "30", "Value": "Microsoft"}
  ],
  "CVE": "CVE-2016-9001",
  "ProductStatuses": [ {"Type": 3, "ProductID": [ "100", "101" ]} ],
  "Threats": [
    {"Type": 0, "Description": {"Value": "Elevation of Privilege"}, "ProductID": [ "100", "101" ]},
    {"Type": 3, "Description": {"Value": "Critical"}, "ProductID": ["100"]},
    {"Type": 3, "Description": {"Value": "Important"}, "ProductID": ["101"]},
    {"Type": 1, "Description": {"Value": "Exploited:No"}}
  ],
  "Remediations": [
    {
      "Type": 2,
      "Description": {"Value": "9000001"},
      "Supercedence": "8000001",
      "ProductID": [ "100", "101" ],
      "AffectedFiles": [ {"FileName": "spoolsv.exe;see;win32spl.dll;"} ],
      "RestartRequired": {"Value": "Yes"},
      "SubType": "Security Update",
      "FixedBuild": "10.0.14393.9"
    },
    {"Type": 0, "Description": {"Value": "Stop it."}}
  ],
  "RevisionHistory" :
      [ {"Number": "1.1", "Date": "2016-03-10T08:00:00"}, {"Number": "1.0", "Date": "2016-03-08T08:00:00"} ]
} ]
})text";

inline const std::string kCsafJson = R"text({
 "document": {"csaf_version": "2.0", "title": "Example Spooler Elevation of Privilege Vulnerability",
              "aggregate_severity": {"text": "Critical"},
              "tracking": {"id": "msrc_CVE-2016-9001", "initial_release_date": "2016-03-08T08:00:00.000Z"}},
 "product_tree": {"branches": [{"category": "product_name", "name": "Windows Server 2016", "branches": [
   {"category": "product_version_range", "name": "<10.0.14393.9",
    "product": {"product_id": "1", "name": "Windows Server 2016 <10.0.14393.9"}},
   {"category": "product_version", "name": "10.0.14393.9",
    "product": {"product_id": "100", "name": "Windows Server 2016 10.0.14393.9"}}]}]},
 "vulnerabilities": [{
  "cve": "CVE-2016-9001", "title": "Example Spooler Elevation of Privilege Vulnerability",
  "notes": [{"category": "faq", "title": "What?", "text": "The file Spool64.DLL is wrong."}],
  "product_status": {"fixed": ["100"], "known_affected": ["1"]},
  "remediations": [{"category": "vendor_fix", "date": "2016-03-08T08:00:00.000Z", "product_ids": ["1"],
                    "details": "10.0.14393.9:Security Update:https://support.microsoft.com/help/9000001",
                    "url": "https://support.microsoft.com/help/9000001",
                    "restart_required": {"category": "system"}}],
  "threats": [{"category": "impact", "details": "Elevation of Privilege"},
              {"category": "exploit_status", "details": "Exploited:No"}]}]
})text";

}  // namespace winnow::testing
