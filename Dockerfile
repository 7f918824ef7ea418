# Each RUN line can be typed by hand, in a checkout with JDK and Maven, without a container engine.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml .
COPY src src
RUN mvn -B -q -DskipTests package
RUN java -Djarmode=tools -jar target/collection-scheduler.jar extract --layers --destination target/layers

FROM eclipse-temurin:25-jre
WORKDIR /app
# What changes least comes first.
COPY --from=build /build/target/layers/dependencies/ ./
COPY --from=build /build/target/layers/spring-boot-loader/ ./
COPY --from=build /build/target/layers/snapshot-dependencies/ ./
COPY --from=build /build/target/layers/application/ ./
RUN mkdir /data /collectors && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
# A container is reached from outside; everything that changes state still needs the token.
ENV SERVER_ADDRESS=0.0.0.0 \
    SCHEDULER_STORE_DIRECTORY=/data \
    SCHEDULER_COLLECTORS_DIRECTORY=/collectors \
    JAVA_TOOL_OPTIONS="-XX:+ExitOnOutOfMemoryError -XX:MaxRAMPercentage=70"
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /actuator/health/liveness HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3; grep -q '\"status\":\"UP\"' <&3"]
ENTRYPOINT ["java", "-jar", "collection-scheduler.jar"]
