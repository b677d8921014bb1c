# A tag can be moved to another image, a digest cannot. With a registry at hand, the digest of this one is printed by
#   docker buildx imagetools inspect node:24.21.0-slim
# and goes behind the tag in both FROM lines: node:24.21.0-slim@sha256:…
#
# For amd64 and arm64: docker buildx build --platform linux/amd64,linux/arm64 --build-arg REVISION=$(git rev-parse HEAD) .
# Both stages are of the platform that is built for, since npm ci picks the compiled parts of packages by it.
FROM node:24.21.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No scripts: the one of this package builds sources that are not here yet.
RUN npm ci --ignore-scripts
COPY rolldown.config.ts ./
COPY src ./src
# The build reads the providers' packs, so that the program need not.
COPY config ./config
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-slim
ARG REVISION=""
LABEL org.opencontainers.image.title="dlr-exporter" \
      org.opencontainers.image.description="Delivery receipts from Kafka as Prometheus counters" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/node:24.21.0-slim"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY config ./config
# The image's user `node`, by number: Kubernetes' runAsNonRoot believes no name.
USER 1000:1000
EXPOSE 9464
# The process answers. DLR_PORT is known here; where a flag or the file says another port, give a health check of your own.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.DLR_PORT || 9464}/-/healthy`).then(({ ok }) => process.exit(ok ? 0 : 1))"]
# No shell and no npm between the signals and the process, which handles them as PID 1. Almost nothing that is allocated for
# a receipt survives it: a small nursery for it saves 25 MiB and costs no CPU.
ENTRYPOINT ["node", "--max-semi-space-size=2", "dist/main.js"]
CMD ["run"]
