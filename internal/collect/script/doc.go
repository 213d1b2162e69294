// Package script writes scripts that collect what a plan lists: [PowerShell] for everything that a
// service returns, [Curl] for the part of it that comes from interfaces which answer a plain
// request: Microsoft Graph, Defender for Endpoint and the Office 365 Management APIs.
//
// The scripts are made to be read before they are run. They say at the top what they request, name
// above each dataset the controls that wait for it, send nothing anywhere, and go on when one
// dataset fails: it is then listed with the reason. The PowerShell script writes a bundle; the
// other one saves the answers of Graph as they come, which posture reads as well.
//
// Every text of a plan is written as a quoted literal or in a comment without line breaks. What
// cannot be quoted, such as a cmdlet, is refused if it is anything but a plain name.
package script
