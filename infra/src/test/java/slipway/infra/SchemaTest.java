package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.config.ConfigProblems;
import slipway.config.Configs;
import slipway.json.Json;

/** That the editor, by the schema, and synth, by the reader, think the same of a file. */
class SchemaTest {
  private static final Schema SCHEMA = schema();
  private static final String GOOD =
      """
      {"stack":"slipway","repository":"example/dice","services":{"dice":{"containers":
      {"app":{"build":"app","port":8080}}}}}
      """;

  @Test
  void bothTakeTheSample() {
    var config =
        switch (ConfigFile.read(Path.of("slipway.yaml"))) {
          case ConfigFile.Good(var good) -> good;
          case ConfigFile.Bad(var messages) -> throw new AssertionError(messages);
        };
    assertThat(SCHEMA.validate(Configs.toJson(config), InputFormat.JSON)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          good | "slipway"      | "slipway"
          bad  | "slipway"      | "Slipway"
          bad  | "slipway"      | 1
          bad  | "slipway"      | null
          bad  | "slipway"      | "slip--way"
          bad  | "stack":"slipway", | ``
          bad  | "stack":       | "name":
          bad  | "example/dice" | "dice"
          good | "services":    | "branch":"feature/x","services":
          bad  | "services":    | "branch":"a b","services":
          good | "services":    | "deployTag":"go","services":
          bad  | "services":    | "deployTag":"cache","services":
          good | "services":    | "audit":"rate(5 minutes)","services":
          good | "services":    | "audit":"cron(0 8 * * ? *)","services":
          bad  | "services":    | "audit":"5 minutes","services":
          good | "services":    | "repair":"rate(1 minute)","services":
          bad  | "services":    | "repair":"rate(0 minutes)","services":
          good | "services":    | "budgets":{},"services":
          good | "services":    | "budgets":{"onExhausted":"freeze","override":"[go]"},"services":
          bad  | "services":    | "budgets":{"onExhausted":"stop"},"services":
          bad  | "services":    | "budgets":{"override":"go"},"services":
          bad  | "services":    | "budgets":{"override":" [go]"},"services":
          bad  | "services":    | "budgets":{"override":"[go] "},"services":
          bad  | "services":    | "budgets":{"override":"[gö]"},"services":
          bad  | "services":    | "budgets":{"freeze":true},"services":
          bad  | "services":    | "budgets":"freeze","services":
          good | "containers":  | "onExhausted":"freeze","containers":
          bad  | "containers":  | "onExhausted":true,"containers":
          good | "containers":  | "repository":"example/cards","branch":"next","containers":
          bad  | "containers":  | "repository":"cards","containers":
          bad  | "containers":  | "branch":"a b","containers":
          good | "services":    | "github":{"tokenSecret":"a/b","web":"https://x.example"},"services":
          bad  | "services":    | "github":{"token":"a/b"},"services":
          bad  | "services":    | "github":{"web":"x.example"},"services":
          bad  | "services":    | "github":"x","services":
          bad  | "dice":{       | "Dice":{
          good | "containers":  | "health":"/up","canary":"/?a=b","environment":"ecs:x","containers":
          bad  | "containers":  | "health":"up","containers":
          bad  | "containers":  | "environment":"a,b","containers":
          good | "containers":  | "cpu":256,"memory":512,"containers":
          bad  | "containers":  | "cpu":256,"memory":1536,"containers":
          bad  | "containers":  | "cpu":256,"memory":4096,"containers":
          good | "containers":  | "cpu":512,"containers":
          bad  | "containers":  | "cpu":2048,"containers":
          good | "containers":  | "cpu":2048,"memory":4096,"containers":
          bad  | "containers":  | "cpu":100,"containers":
          bad  | "containers":  | "memory":1024,"containers":
          bad  | "containers":  | "memory":"2048","containers":
          good | "containers":  | "cpu":8192,"memory":20480,"containers":
          bad  | "containers":  | "cpu":8192,"memory":17408,"containers":
          good | "containers":  | "tasks":{"min":2,"max":2},"containers":
          bad  | "containers":  | "tasks":{"min":0},"containers":
          bad  | "containers":  | "tasks":{"cpu":99},"containers":
          bad  | "containers":  | "tasks":{"minimum":1},"containers":
          bad  | "containers":  | "slo":[],"containers":
          bad  | 8080           | 0
          bad  | 8080           | 80.5
          bad  | 8080           | "8080"
          bad  | "build":"app"  | "build":"/app"
          bad  | "build":"app"  | "build":"a/../b"
          good | "build":"app"  | "build":"a/b"
          bad  | "build":"app", | ``
          bad  | "build":"app"  | "build":"app","image":"a:1"
          good | 8080           | 8080,"writable":true
          bad  | 8080           | 8080,"writable":"yes"
          bad  | {"app":        | {"side":{"image":"example/side:1","writable":true},"app":
          good | 8080           | 8080,"environment":{"A":"1"}
          bad  | 8080           | 8080,"environment":{"A":1}
          bad  | 8080           | 8080,"environment":{"A-B":"1"}
          good | {"app":        | {"side":{"image":"example/side:1.0"},"app":
          bad  | {"app":        | {"side":{"image":"example/side"},"app":
          bad  | {"app":        | {"side":{"image":"example/side:latest"},"app":
          bad  | {"app":        | {"side":{"image":"example/side:1","port":1},"app":
          bad  | {"app":        | {"side":{},"app":
          good | "containers":  | "slos":[{"operation":"GET /","availability":99.9}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","availability":100}],"containers":
          bad  | "containers":  | "slos":[{"availability":99}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /"}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","availability":99,"goal":9}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","availability":99,"goal":9,"latency":{"p99":"3ms"}}],"containers":
          good | "containers":  | "slos":[{"operation":"GET /","latency":{"p99":"300ms"}}],"containers":
          good | "containers":  | "slos":[{"operation":"GET /","latency":{"Average":"PT0.3S"}}],"containers":
          good | "containers":  | "slos":[{"operation":"GET /","latency":{"tm99":"1.5s"},"goal":95,"days":30,"warning":25}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","latency":{"p99":"300"}}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","latency":{"p99":"0ms"}}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","latency":{"p99":300}}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","latency":{"median":"3ms"}}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","latency":{}}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","availability":99,"days":0}],"containers":
          good | "containers":  | "slos":[{"operation":"GET /","availability":99,"name":"A name"}],"containers":
          bad  | "containers":  | "slos":[{"operation":"GET /","availability":99,"name":"a/b"}],"containers":
          bad  | "containers":  | "slos":{"operation":"GET /","availability":99},"containers":
          """)
  void bothThinkTheSame(String verdict, String part, String instead) {
    var document = GOOD.replace(part, instead == null ? "" : instead);
    assertThat(readerTakes(document))
        .as("reader on %s", document)
        .isEqualTo(verdict.equals("good"));
    assertThat(SCHEMA.validate(document, InputFormat.JSON).isEmpty())
        .as("schema on %s", document)
        .isEqualTo(verdict.equals("good"));
  }

  private static boolean readerTakes(String document) {
    try {
      Configs.fromJson(Json.parse(document));
      return true;
    } catch (ConfigProblems _) {
      return false;
    }
  }

  private static Schema schema() {
    try {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Files.readString(Path.of("slipway.schema.json")), InputFormat.JSON);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
