# The image of Escala: a Java runtime of the modules it needs, the program, and its cache of classes on a base without a shell.
# Build on the architecture that will run it (the cache serves no other): docker build -t escala .
FROM maven:3.9.16-eclipse-temurin-25@sha256:93b8a14ea2f412782e4e842651273b4d903e35cc496284f178fbbe2d67d00976 AS build
# The training run starts PostgreSQL, which refuses root.
RUN useradd --create-home build && mkdir /src && chown build /src
USER build
WORKDIR /src
COPY --chown=build . .
RUN --mount=type=cache,target=/home/build/.m2,uid=1001 mvn -B -ntp -Dmaven.test.skip=true package
RUN JAVA_HOME=/opt/java/openjdk image/assemble /src/target/image

FROM gcr.io/distroless/cc-debian13:nonroot@sha256:54df941ed0d06a1bd95ef5e0ce391fd8d9f94b64782dc9a60062727849ee3f97
LABEL org.opencontainers.image.title="Escala" \
      org.opencontainers.image.description="From a topic to a typed PostgreSQL table to an HTTP API." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/target/image/opt/escala /opt/escala
USER 65532:65532
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["/opt/escala/runtime/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx16m", "-cp", "/opt/escala/app/escala-server.jar", "dev.escala.app.ContainerCheck"]
ENTRYPOINT ["/opt/escala/runtime/bin/java", "@/opt/escala/app/java.options", "-XX:AOTCache=/opt/escala/app/escala.aot", "-jar", "/opt/escala/app/escala-server.jar"]
CMD ["serve"]
