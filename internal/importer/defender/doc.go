// Package defender imports the settings of devices from Defender for Endpoint, in the two forms besides the pages of its
// interface: the files that its export API offers for download, with a record a line, and the answer of advanced hunting
// about the table DeviceTvmSecureConfigurationAssessment.
//
// Both are known by their content: a record names a device and a setting. All files together make one dataset.
//
// The package cannot tell whether the files are complete, except that an answer of advanced hunting with the maximum
// number of rows is not.
package defender
