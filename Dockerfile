# tuban for containers: built on Debian 12, then only the program and the libraries that it loads. Debian's slim image
# brings a shell and coreutils, which nothing here needs. scripts/image.sh builds this and tries it, with or without a
# daemon; docs/install.md says how to use it.
#
# Another base: --build-arg GO_IMAGE=… with Go and make, --build-arg BASE_IMAGE=…, both Debian 12.
ARG GO_IMAGE=docker.io/library/golang:1.26-bookworm
ARG BASE_IMAGE=docker.io/library/debian:12-slim

FROM ${GO_IMAGE} AS build
WORKDIR /src
# The packages come first and alone: they change less often than the code.
COPY scripts/common.sh scripts/setup.sh scripts/
RUN scripts/setup.sh && rm -rf /var/lib/apt/lists/*
# How modules are fetched where the builder is; none of it reaches the image.
ARG GOPROXY
ARG GOSUMDB
ARG GONOSUMDB
ARG GONOPROXY
ARG GOPRIVATE
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG REVISION
RUN --mount=type=cache,target=/root/.cache/go-build \
    make build REVISION="$REVISION" && scripts/licenses.sh bin/tuban licenses

FROM ${BASE_IMAGE}
RUN --mount=type=bind,source=scripts,target=/setup \
    /setup/setup.sh runtime && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
# The number lets Kubernetes see that this is not root. /data is where a folder is mounted.
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin tuban \
    && install -d -o tuban -g tuban /data
COPY --from=build /src/licenses /usr/share/doc/tuban/licenses
COPY --from=build /src/LICENSE /usr/share/doc/tuban/
COPY --from=build /src/bin/tuban /usr/local/bin/
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title=tuban \
      org.opencontainers.image.licenses=Apache-2.0 \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
# Nothing is written outside of the mounted folder, so the root file system may be read-only.
ENV HOME=/data TMPDIR=/data
WORKDIR /data
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/tuban"]
CMD ["--help"]
