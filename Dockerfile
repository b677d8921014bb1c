# A tag can be moved to another image, a digest cannot. With a registry at hand, the digest of this one is printed by
#   docker buildx imagetools inspect node:24.21.0-slim
# and goes behind the tag in both FROM lines: node:24.21.0-slim@sha256:…
FROM node:24.21.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No scripts: the one of this package builds sources that are not here yet.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY config ./config
# The image's user `node`, by number: Kubernetes' runAsNonRoot believes no name.
USER 1000:1000
EXPOSE 9464
# No shell and no npm between the signals and the process, which handles them as PID 1.
ENTRYPOINT ["node", "dist/main.js"]
CMD ["run"]
