// Package defender reads what Defender for Endpoint knows of the settings of
// devices, in the two forms besides the pages of its interface: the files that
// its export API has one download, which hold a record a line, and the answer of
// advanced hunting about the table DeviceTvmSecureConfigurationAssessment.
//
// Both are told by their content: a record names a device and a setting. All
// files together make one dataset. Nothing in them says whether they are all;
// what does show is an answer of advanced hunting with just as many rows as an
// answer has at most.
package defender
