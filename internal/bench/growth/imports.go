package growth

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strings"
)

const (
	graph        = `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#`
	organization = graph + `organization","value":[{"id":"t1","displayName":"Contoso"}]}`
	imported     = "evidence import graph %/all -o %/made --collected-at 2026-10-01T06:00:00Z"
	cmdlets      = "evidence import powershell %/all -o %/made --collected-at 2026-10-01T06:00:00Z --tenant t1"
	shown        = "evidence show %/all --collected-at 2026-10-01T06:00:00Z --tenant t1"
)

// importDimensions are those of foreign exports and of archives.
func importDimensions() []Dimension {
	return []Dimension{
		{Name: "records of a response of Graph", Least: 40_000, command: imported, write: func(f *folder, n int) {
			f.text("all/organization.json", organization)
			f.file("all/users.json", func(out *bufio.Writer) { list(out, graph+`users","value":[`, ",\n", "]}", n, user) })
		}},
		{Name: "pages of a response of Graph, in files", Least: 250, command: imported, write: func(f *folder, n int) {
			f.text("all/organization.json", organization)
			for i := range n {
				next := fmt.Sprintf(`"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=%d",`, i+1)
				if i == n-1 {
					next = ""
				}
				f.text(fmt.Sprintf("all/users-%06d.json", i), graph+`users",`+next+`"value":[`+user(i)+`]}`)
			}
		}},
		{Name: "pages of a response of Graph, in one file", Least: 2_500, command: imported, write: func(f *folder, n int) {
			f.text("all/organization.json", organization)
			f.file("all/users.json", func(out *bufio.Writer) {
				list(out, "[", ",\n", "]", n, func(i int) string {
					next := fmt.Sprintf(`"@odata.nextLink":"https://graph.microsoft.com/v1.0/users?$skiptoken=%d",`, i+1)
					if i == n-1 {
						next = ""
					}
					return graph + `users",` + next + `"value":[` + user(i) + `]}`
				})
			})
		}},
		{Name: "lists of members of groups, in files", Least: 250, command: imported, write: func(f *folder, n int) {
			f.text("all/organization.json", organization)
			f.file("all/groups.json", func(out *bufio.Writer) {
				list(out, graph+`groups","value":[`, ",\n", "]}", n, func(i int) string { return fmt.Sprintf(`{"id":%q,"displayName":"Group %d"}`, guid(2, i), i) })
			})
			for i := range n {
				f.text(fmt.Sprintf("all/groups_%s_transitiveMembers.json", guid(2, i)), graph+`directoryObjects","value":[`+user(i)+`]}`)
			}
		}},
		{Name: "answers of a batch of Graph", Least: 1_250, command: imported, write: func(f *folder, n int) {
			f.text("all/organization.json", organization)
			f.file("all/batch.json", func(out *bufio.Writer) {
				list(out, `{"responses":[`, ",\n", "]}", n, func(i int) string {
					return fmt.Sprintf(`{"id":"%d","status":200,"body":%sgroups('%s')/transitiveMembers","value":[%s]}}`, i, graph, guid(2, i), user(i))
				})
			})
		}},
		{Name: "answers of a cmdlet", Least: 5_000, command: cmdlets, write: func(f *folder, n int) {
			f.file("all/Get-TransportRule.json", func(out *bufio.Writer) {
				list(out, "[", ",\n", "]", n, func(i int) string {
					return fmt.Sprintf(`{"Name":"r%d","SenderDomainIs":null,"SetSCL":-1,"WhenChanged":"/Date(1723812853000)/"}`, i)
				})
			})
		}},
		{Name: "files that nobody knows", Least: 500, command: shown, write: func(f *folder, n int) {
			f.text("all/organization.json", organization)
			for i := range n {
				f.text(fmt.Sprintf("all/%d/file.json", i), `{"a":1}`)
			}
		}},
		{Name: "members of a zip archive", Least: 500, command: strings.Replace(imported, "%/all", "%/all.zip", 1), write: func(f *folder, n int) { f.zip(n) }},
		{Name: "members of a tar archive", Least: 500, command: strings.Replace(imported, "%/all", "%/all.tar", 1), write: func(f *folder, n int) { f.tar(n) }},
		{Name: "records written by hand", Least: 40_000, command: "evidence add entra.users %/users.json -o %/made --tenant t1 --collected-at 2026-10-01T06:00:00Z", write: func(f *folder, n int) {
			f.file("users.json", func(out *bufio.Writer) { list(out, "[", ",\n", "]", n, user) })
		}},
		{Name: "mistakes in records written by hand", Least: 40_000, Exit: 1, command: "evidence add entra.users %/users.json -o %/made --tenant t1 --collected-at 2026-10-01T06:00:00Z", write: func(f *folder, n int) {
			f.file("users.json", func(out *bufio.Writer) {
				list(out, "[", ",\n", "]", n, func(i int) string { return fmt.Sprintf(`{"id":%d}`, i) })
			})
		}},
		{Name: "fields that no schema knows in records written by hand", Least: 2_500, command: "evidence add entra.users %/users.json -o %/made --tenant t1 --collected-at 2026-10-01T06:00:00Z", write: func(f *folder, n int) {
			f.file("users.json", func(out *bufio.Writer) {
				list(out, `[{"id":"u","accountEnabled":true,"userType":"Member",`, ",", "}]", n, func(i int) string { return fmt.Sprintf(`"field%d":1`, i) })
			})
		}},
	}
}

func user(i int) string {
	return fmt.Sprintf(`{"id":%q,"userPrincipalName":"user%d@contoso.example","displayName":"User %d","accountEnabled":true,"userType":"Member"}`, guid(1, i), i, i)
}

// members writes the files of an archive.
func members(n int, add func(name, text string) error) error {
	if err := add("organization.json", organization); err != nil {
		return err
	}
	for i := range n {
		if err := add(fmt.Sprintf("%d/groups_%s_transitiveMembers.json", i, guid(2, i)), graph+`directoryObjects","value":[`+user(i)+`]}`); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) zip(n int) {
	f.file("all.zip", func(out *bufio.Writer) {
		w := zip.NewWriter(out)
		f.err = members(n, func(name, text string) error {
			member, err := w.Create(name)
			if err != nil {
				return err
			}
			_, err = io.WriteString(member, text)
			return err
		})
		if err := w.Close(); f.err == nil {
			f.err = err
		}
	})
}

func (f *folder) tar(n int) {
	f.file("all.tar", func(out *bufio.Writer) {
		w := tar.NewWriter(out)
		f.err = members(n, func(name, text string) error {
			if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(text))}); err != nil {
				return err
			}
			_, err := io.WriteString(w, text)
			return err
		})
		if err := w.Close(); f.err == nil {
			f.err = err
		}
	})
}
