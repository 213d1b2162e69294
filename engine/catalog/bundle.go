package catalog

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/ecdsa"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/loader/filter"

	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/keys"
)

// A bundle is a catalog as OPA packs policies (https://www.openpolicyagent.org/docs/management-bundles): a .tar.gz file with a manifest and,
// if it is signed, the digests of all files in a signed token. OPA itself can load one.
const (
	manifestName   = bundle.ManifestExt
	signaturesName = ".signatures.json" // see [bundle.IsSignaturesFile]
	bundleRoot     = "policies"         // of every package of a catalog
	hashing        = bundle.SHA256
)

// Digest is that of the texts of the source by their paths, whether they are in a folder or packed. Files that are no part of a catalog
// make no difference to it.
func (s Source) Digest() string {
	var parts [][]byte
	for _, name := range s.paths() {
		parts = append(parts, []byte(name), s.files[name])
	}
	return digest(parts...)
}

// WriteBundle writes the source as a bundle of OPA, signed with a key unless it is nil. The same texts and key give the same bytes, unless
// the key is in a device or a service.
func (s Source) WriteBundle(w io.Writer, key crypto.Signer) error {
	manifest, err := json.Marshal(map[string]any{"revision": s.Digest(), "roots": []string{bundleRoot}, "rego_version": 1})
	if err != nil {
		return fmt.Errorf("writing the manifest: %w", err)
	}
	names, files := append([]string{manifestName}, s.paths()...), map[string][]byte{manifestName: manifest}
	for name, text := range s.files {
		files[name] = text
	}
	if key != nil {
		token, err := signFiles(names, files, key)
		if err != nil {
			return fmt.Errorf("signing the bundle: %w", err)
		}
		if files[signaturesName], err = json.Marshal(map[string]any{"signatures": []string{token}}); err != nil {
			return fmt.Errorf("signing the bundle: %w", err)
		}
		names = append([]string{signaturesName}, names...)
	}
	zw := gzip.NewWriter(w)
	tw := tar.NewWriter(zw)
	for _, name := range names {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(files[name])), Mode: 0o644, Format: tar.FormatPAX}
		if err := tw.WriteHeader(header); err != nil {
			return fmt.Errorf("packing %s: %w", name, err)
		}
		if _, err := tw.Write(files[name]); err != nil {
			return fmt.Errorf("packing %s: %w", name, err)
		}
	}
	return errors.Join(tw.Close(), zw.Close())
}

// signFiles returns the digests of files in a signed token: a JWS in its compact form (RFC 7515), as OPA reads it.
func signFiles(names []string, files map[string][]byte, key crypto.Signer) (string, error) {
	hasher, err := bundle.NewSignatureHasher(hashing)
	if err != nil {
		return "", err
	}
	var list []bundle.FileInfo
	for _, name := range names {
		var value any = files[name]
		if bundle.IsStructuredDoc(name) {
			if err := json.Unmarshal(files[name], &value); err != nil {
				return "", err
			}
		}
		sum, err := hasher.HashFile(value)
		if err != nil {
			return "", err
		}
		list = append(list, bundle.NewFile(name, hex.EncodeToString(sum), hashing.String()))
	}
	id, err := keys.ID(key.Public())
	if err != nil {
		return "", err
	}
	header, err := json.Marshal(map[string]string{"alg": algorithm(key.Public()), "kid": id})
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(map[string]any{"files": list})
	if err != nil {
		return "", err
	}
	signed := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	signature, err := keys.Sign(key, []byte(signed))
	if err == nil && algorithm(key.Public()) == es256 {
		signature, err = concatenated(signature)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), err
}

// The algorithms of RFC 7518 and RFC 8037.
const (
	es256 = "ES256"
	eddsa = "EdDSA"
)

func algorithm(key crypto.PublicKey) string {
	if _, ok := key.(*ecdsa.PublicKey); ok {
		return es256
	}
	return eddsa
}

// concatenated returns a signature of ECDSA as JWS has it: two numbers of 32 bytes each (RFC 7518, 3.4).
func concatenated(signature []byte) ([]byte, error) {
	var numbers struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(signature, &numbers); err != nil {
		return nil, fmt.Errorf("reading a signature: %w", err)
	}
	const size = 32
	return append(numbers.R.FillBytes(make([]byte, size)), numbers.S.FillBytes(make([]byte, size))...), nil
}

// OpenSigned reads a catalog from a bundle, and has OPA verify that a key signed it. A folder can't be signed.
func OpenSigned(name string, key crypto.PublicKey) (Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Source{}, fmt.Errorf("opening catalog: %w", err)
	}
	if info.IsDir() {
		return Source{}, fmt.Errorf("catalog %s is a folder, which can't be signed: sign a bundle of it with 'posture policy bundle', or leave out the key", name)
	}
	file, err := inputfile.Open(name)
	if err != nil {
		return Source{}, fmt.Errorf("opening catalog: %w", err)
	}
	defer func() { _ = file.Close() }()
	return ArchiveSigned(name, file, key)
}

// ArchiveSigned reads a catalog from the stream of a bundle, and has OPA verify that a key signed it.
func ArchiveSigned(name string, r io.Reader, key crypto.PublicKey) (Source, error) {
	source, packed, err := unpack(name, r, func(string) bool { return true })
	if err != nil {
		return Source{}, err
	}
	if err := verify(packed.files, key); err != nil {
		return Source{}, fmt.Errorf("verifying catalog %s: %w", name, err)
	}
	return source, nil
}

// verify has OPA verify the files of a bundle: the very ones that are loaded.
func verify(files map[string][]byte, key crypto.PublicKey) error {
	text, err := keys.PEM(key)
	if err != nil {
		return err
	}
	id, err := keys.ID(key)
	if err != nil {
		return err
	}
	if files[signaturesName] == nil {
		return errors.New("it is not signed, and a key is wanted: sign it with 'posture policy bundle --sign', or leave out the key")
	}
	wanted := bundle.NewVerificationConfig(map[string]*bundle.KeyConfig{id: {Key: string(text), Algorithm: algorithm(key)}}, id, "", nil)
	packed := Source{files: files}
	reader := bundle.NewCustomReader(&bundleFiles{names: packed.paths(), files: files}).
		WithBundleVerificationConfig(wanted).WithSizeLimitBytes(maxFileBytes).WithLazyLoadingMode(true)
	if _, err := reader.Read(); err != nil {
		return fmt.Errorf("it is not what the key %s signed: %w", id[:16], err)
	}
	return nil
}

// bundleFiles gives OPA the files of a bundle.
type bundleFiles struct {
	names []string
	files map[string][]byte
}

// NextFile is part of bundle.DirectoryLoader.
func (b *bundleFiles) NextFile() (*bundle.Descriptor, error) {
	if len(b.names) == 0 {
		return nil, io.EOF
	}
	name := b.names[0]
	b.names = b.names[1:]
	return bundle.NewDescriptor(name, name, bytes.NewReader(b.files[name])), nil
}

// WithFilter is part of bundle.DirectoryLoader.
func (b *bundleFiles) WithFilter(filter.LoaderFilter) bundle.DirectoryLoader { return b }

// WithPathFormat is part of bundle.DirectoryLoader.
func (b *bundleFiles) WithPathFormat(bundle.PathFormat) bundle.DirectoryLoader { return b }

// WithSizeLimitBytes is part of bundle.DirectoryLoader.
func (b *bundleFiles) WithSizeLimitBytes(int64) bundle.DirectoryLoader { return b }

// WithFollowSymlinks is part of bundle.DirectoryLoader.
func (b *bundleFiles) WithFollowSymlinks(bool) bundle.DirectoryLoader { return b }
