# An image of the program alone: docker build -t posture . (docs/pipelines.md)
#
# The same commit gives the same binary. For an image that is the same to the byte, pin the toolchain, and have BuildKit write one time:
#   SOURCE_DATE_EPOCH=0 docker buildx build --build-arg GO=golang:1.26.8@sha256:... --output type=oci,dest=posture.tar,rewrite-timestamp=true .
ARG GO=golang:1.26.8

FROM ${GO} AS build
ENV CGO_ENABLED=0 GOTOOLCHAIN=local
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
# Nothing of the machine or of git gets into the binary; VERSION, such as v0.1.0, says what it is.
RUN go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.release=${VERSION}" -o /out/posture ./cmd/posture
RUN mkdir -p /out/etc/ssl/certs /out/work && mkdir -m 1777 /out/tmp && \
    cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ && \
    find /out -exec touch --no-dereference --date=@0 {} +

FROM scratch
COPY --from=build /out/ /
# Nobody that a host knows: what it reads has to be readable for everybody, or give --user.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/posture"]
