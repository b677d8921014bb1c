FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No scripts: the one of this package builds sources that are not here yet, and Node itself comes with the image.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY config ./config
USER node
EXPOSE 9464
# No shell and no npm between the signals and the process, which handles them as PID 1.
ENTRYPOINT ["node", "dist/main.js"]
CMD ["run"]
