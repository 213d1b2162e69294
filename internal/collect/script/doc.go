// Package script writes scripts that collect what a plan asks for: [PowerShell] for everything that a service gives, [Curl] for the
// part of it that comes from interfaces which answer a plain request: Microsoft Graph, Defender for Endpoint and the Office 365
// Management APIs.
//
// The scripts are made to be read before they are run. They say at the top what they ask for, name above each dataset the controls
// that wait for it, send nothing anywhere, and go on when one dataset fails: it is then listed with the reason. The PowerShell
// script writes a bundle; the other one saves the answers of Graph as they come, which posture reads as well.
//
// Every text of a plan stands in the scripts as a quoted literal or in a comment without line breaks. What has to stand bare, such as
// a cmdlet, is refused if it is anything but a plain name.
package script
