# Builds the same image from the same commit: docker build -t posture . (docs/pipelines.md)
# To pin the toolchain to the byte, give its digest: --build-arg GO=golang:1.26.8-alpine@sha256:...
ARG GO=golang:1.26.8-alpine

FROM ${GO} AS build
WORKDIR /src
ENV CGO_ENABLED=0 GOTOOLCHAIN=local
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
# Nothing of the machine or of the time gets into the binary: no paths, no state of git. What git would say is VERSION.
RUN go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.release=${VERSION}" -o /out/posture ./cmd/posture
# Files get one time, so that layers are the same each time.
RUN mkdir -p /out/tmp && chmod 1777 /out/tmp && cp /etc/ssl/certs/ca-certificates.crt /out/ && \
    find /out -exec touch -h -d @0 {} +

FROM scratch
COPY --from=build /out/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/tmp /tmp
COPY --from=build /out/posture /posture
# Nobody: files that the container may read have to be readable for everybody, or give --user.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/posture"]
