# syntax=docker/dockerfile:1
# Built from the repository's root: docker build -f scripts/deploy/stream-processor.Dockerfile .
FROM maven:3.9.11-eclipse-temurin-21-noble AS build
WORKDIR /build
COPY .mvn .mvn
COPY pom.xml .
COPY schemas schemas
COPY ingest-api ingest-api
COPY stream-processor stream-processor
COPY standalone standalone
RUN --mount=type=cache,target=/root/.m2 \
    mvn --batch-mode --no-transfer-progress --projects stream-processor --also-make package \
      -Dmaven.test.skip=true -Dspotless.check.skip=true \
      dependency:copy-dependencies -DincludeScope=runtime -DexcludeGroupIds=io.millrace

FROM eclipse-temurin:21.0.8_9-jre-noble
RUN useradd --system --uid 10001 --home-dir /var/lib/millrace --create-home millrace \
    && mkdir -p /var/lib/millrace/state && chown 10001 /var/lib/millrace/state
# What changes rarely first: a new version of Millrace is a layer of some hundred kilobytes.
COPY --from=build /build/stream-processor/target/dependency/ /opt/millrace/lib/
COPY --from=build /build/schemas/target/*.jar /build/stream-processor/target/*.jar /opt/millrace/own/
USER 10001
WORKDIR /var/lib/millrace
ENV OMP_NUM_THREADS=1 \
    OPT_OUT_TRACKING=true \
    MALLOC_ARENA_MAX=2 \
    DJL_CACHE_DIR=/var/lib/millrace/djl \
    JAVA_OPTS=""
EXPOSE 8081
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
# exec: signals reach Java, which drains before it ends.
ENTRYPOINT ["sh", "-c", "exec java -XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError -Dai.djl.offline=true $JAVA_OPTS -cp '/opt/millrace/own/*:/opt/millrace/lib/*' io.millrace.processor.ProcessorMain \"$@\"", "millrace"]
