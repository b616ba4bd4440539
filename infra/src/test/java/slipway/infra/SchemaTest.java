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
          good | "services":    | "audit":{"schedule":"cron(0 8 * * ? *)","timezone":"Europe/Berlin"},"services":
          good | "services":    | "audit":{"timezone":"Etc/GMT+1"},"services":
          bad  | "services":    | "audit":{"schedule":"8 h"},"services":
          bad  | "services":    | "audit":{"timezone":"Europe / Berlin"},"services":
          bad  | "services":    | "audit":{"timezone":"+01:00"},"services":
          bad  | "services":    | "audit":{"zone":"UTC"},"services":
          bad  | "services":    | "audit":["rate(1 hour)"],"services":
          good | "services":    | "repair":"rate(1 minute)","services":
          bad  | "services":    | "repair":"rate(0 minutes)","services":
          good | "services":    | "budgets":{},"services":
          good | "services":    | "budgets":{"onExhausted":"freeze","override":"[go]"},"services":
          good | "services":    | "budgets":{"slos":1000,"slosPerService":200},"services":
          bad  | "services":    | "budgets":{"slos":0},"services":
          bad  | "services":    | "budgets":{"slosPerService":"100"},"services":
          bad  | "services":    | "budgets":{"onExhausted":"stop"},"services":
          bad  | "services":    | "budgets":{"override":"go"},"services":
          bad  | "services":    | "budgets":{"override":" [go]"},"services":
          bad  | "services":    | "budgets":{"override":"[go] "},"services":
          bad  | "services":    | "budgets":{"override":"[gö]"},"services":
          bad  | "services":    | "budgets":{"freeze":true},"services":
          bad  | "services":    | "budgets":"freeze","services":
          good | "services":    | "natGateways":0,"services":
          good | "services":    | "natGateways":2,"services":
          bad  | "services":    | "natGateways":3,"services":
          bad  | "services":    | "natGateways":"none","services":
          good | "services":    | "insights":"enhanced","services":
          good | "services":    | "insights":"none","services":
          bad  | "services":    | "insights":true,"services":
          good | "containers":  | "canary":"none","containers":
          bad  | "containers":  | "canary":false,"containers":
          bad  | "containers":  | "canary":"none","canaryEvery":"5 minutes","containers":
          good | "containers":  | "canaryEvery":"1 minute","containers":
          good | "containers":  | "canary":"/up","canaryEvery":"60 minutes","containers":
          good | "containers":  | "canaryEvery":"1 hour","containers":
          bad  | "containers":  | "canaryEvery":"0 minutes","containers":
          bad  | "containers":  | "canaryEvery":"61 minutes","containers":
          bad  | "containers":  | "canaryEvery":"2 hours","containers":
          bad  | "containers":  | "canaryEvery":"1 month","containers":
          bad  | "containers":  | "canaryEvery":5,"containers":
          good | "containers":  | "onExhausted":"freeze","containers":
          bad  | "containers":  | "onExhausted":true,"containers":
          good | "services":    | "vpcId":"vpc-0123456789abcdef0","services":
          good | "services":    | "vpcId":"vpc-01234567","cluster":"Old_Shop-1","services":
          bad  | "services":    | "vpcId":"vpc-01234567","natGateways":1,"services":
          bad  | "services":    | "cluster":"shop","insights":"standard","services":
          bad  | "services":    | "vpcId":"shop","services":
          bad  | "services":    | "vpcId":"vpc-0123456789ABCDEF0","services":
          bad  | "services":    | "cluster":"arn:aws:ecs:eu-west-1:123456789012:cluster/shop","services":
          bad  | "services":    | "cluster":["shop"],"services":
          good | "build":"app"  | "build":"app","repository":"shop/dice_app"
          bad  | "build":"app"  | "build":"app","repository":"Shop"
          bad  | "build":"app"  | "build":"app","repository":"a"
          bad  | "build":"app"  | "build":"app","repository":"123456789012.dkr.ecr.eu-west-1.amazonaws.com/dice:1"
          bad  | {"app":        | {"side":{"image":"example/side:1","repository":"shop/side"},"app":
          bad  | "containers":  | "adopt":{"service":"dice"},"containers":
          good | "containers":  | "domain":{"name":"dice.example.com","zone":"Z0123456789ABC"},"containers":
          good | "containers":  | "domain":{"name":"a.b-c.example","certificate":"arn:aws:acm:eu-west-1:123456789012:certificate/ab-1"},"containers":
          bad  | "containers":  | "domain":"dice.example.com","containers":
          bad  | "containers":  | "domain":{"name":"dice.example.com"},"containers":
          bad  | "containers":  | "domain":{"zone":"Z0123456789ABC"},"containers":
          bad  | "containers":  | "domain":{"name":"dice.example.com","zone":"Z1","certificate":"arn:aws:acm:eu-west-1:123456789012:certificate/ab-1"},"containers":
          bad  | "containers":  | "domain":{"name":"dice.example.com","zone":"example.com"},"containers":
          bad  | "containers":  | "domain":{"name":"dice.example.com","certificate":"arn:aws:iam::123456789012:server-certificate/x"},"containers":
          bad  | "containers":  | "domain":{"name":"https://dice.example.com","zone":"Z0123456789ABC"},"containers":
          bad  | "containers":  | "domain":{"name":"Dice.example.com","zone":"Z0123456789ABC"},"containers":
          bad  | "containers":  | "domain":{"name":"dice","zone":"Z0123456789ABC"},"containers":
          bad  | "containers":  | "domain":{"name":"dice.a-zone-with-a-name-that-is-much-too-long-for-a-certificate.example","zone":"Z0123456789ABC"},"containers":
          good | "containers":  | "domain":{"name":"dice.a-zone-with-a-name-that-is-much-too-long-for-a-certificate.example","certificate":"arn:aws:acm:eu-west-1:123456789012:certificate/ab-1"},"containers":
          bad  | "containers":  | "domain":{"name":"dice.example.com","zone":"Z0123456789ABC","dns":true},"containers":
          good | "containers":  | "strategy":"rolling","containers":
          good | "containers":  | "strategy":{"type":"rolling"},"containers":
          good | "containers":  | "strategy":"blue-green","containers":
          good | "containers":  | "strategy":{"type":"blue-green","bake":"0 minutes"},"containers":
          good | "containers":  | "strategy":{"type":"canary","percent":0.1,"step":"720 minutes","bake":"24 hours"},"containers":
          good | "containers":  | "strategy":{"type":"linear","percent":33.3,"step":"1 hour","bake":"1 day"},"containers":
          bad  | "containers":  | "strategy":"bluegreen","containers":
          bad  | "containers":  | "strategy":["canary"],"containers":
          bad  | "containers":  | "strategy":{},"containers":
          bad  | "containers":  | "strategy":{"percent":5},"containers":
          bad  | "containers":  | "strategy":{"type":"rolling","bake":"5 minutes"},"containers":
          bad  | "containers":  | "strategy":{"type":"blue-green","percent":5},"containers":
          bad  | "containers":  | "strategy":{"type":"blue-green","step":"5 minutes"},"containers":
          bad  | "containers":  | "strategy":{"type":"canary","percent":0},"containers":
          bad  | "containers":  | "strategy":{"type":"canary","percent":"5"},"containers":
          bad  | "containers":  | "strategy":{"type":"canary","percent":100.5},"containers":
          good | "containers":  | "strategy":{"type":"canary","step":"1440 minutes","bake":"12 hours"},"containers":
          bad  | "containers":  | "strategy":{"type":"canary","step":"1441 minutes"},"containers":
          bad  | "containers":  | "strategy":{"type":"canary","step":"25 hours"},"containers":
          bad  | "containers":  | "strategy":{"type":"canary","step":"2 days"},"containers":
          bad  | "containers":  | "strategy":{"type":"canary","step":"1 month"},"containers":
          bad  | "containers":  | "strategy":{"type":"canary","bake":10},"containers":
          bad  | "containers":  | "strategy":{"type":"canary","steps":"1 hour"},"containers":
          bad  | "containers":  | "strategy":{"type":"linear","percent":2.9},"containers":
          bad  | "containers":  | "strategy":{"type":"linear","percent":10.05},"containers":
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
          good | "containers":  | "slos":[{"availability":99}],"containers":
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          good | {"service":"Dice_1"} | "build":"app"
          good | {"service":"dice","roles":["arn:aws:iam::123456789012:role/a/b"],"url":"http://10.0.0.1:8080"},"health":"/up","canary":"/" | "build":"app"
          good | {"service":"dice","roles":[]},"environment":"test","slos":[],"onExhausted":"freeze","branch":"next" | "build":"app","repository":"shop/dice"
          bad  | {} | "build":"app"
          bad  | "dice" | "build":"app"
          bad  | {"service":"shop/dice"} | "build":"app"
          bad  | {"service":"dice","cluster":"shop"} | "build":"app"
          bad  | {"service":"dice","roles":"arn:aws:iam::123456789012:role/a"} | "build":"app"
          bad  | {"service":"dice","roles":["a"]} | "build":"app"
          bad  | {"service":"dice","roles":["arn:aws:iam::123456789012:role/a","arn:aws:iam::123456789012:role/a"]} | "build":"app"
          bad  | {"service":"dice","url":"dice.example.com"} | "build":"app"
          bad  | {"service":"dice","url":"https://dice.example.com/"} | "build":"app"
          bad  | {"service":"dice"},"canary":"/" | "build":"app"
          bad  | {"service":"dice"},"health":"/" | "build":"app"
          bad  | {"service":"dice"},"canaryEvery":"1 hour" | "build":"app"
          good | {"service":"dice","url":"http://a.example"},"canary":"none" | "build":"app"
          good | {"service":"dice","url":"http://a.example"},"canaryEvery":"1 hour" | "build":"app"
          bad  | {"service":"dice"},"cpu":1024 | "build":"app"
          bad  | {"service":"dice"},"memory":2048 | "build":"app"
          bad  | {"service":"dice"},"tasks":{"min":1} | "build":"app"
          bad  | {"service":"dice"},"domain":{"name":"a.example","zone":"Z12"} | "build":"app"
          bad  | {"service":"dice"} | "build":"app","port":8080
          bad  | {"service":"dice"} | "build":"app","writable":true
          bad  | {"service":"dice"} | "build":"app","environment":{"A":"1"}
          bad  | {"service":"dice"} | "image":"a:1"
          """)
  void bothThinkTheSameOfAnAdoption(String verdict, String adopt, String container) {
    bothThinkTheSame(
        verdict,
        GOOD,
        """
        {"stack":"slipway","repository":"example/dice","cluster":"shop","services":{"dice":{
         "adopt":%s,"containers":{"app":{%s}}}}}
        """
            .formatted(adopt, container));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          good | "operation":"GET /","availability":99,"per":"request"
          bad | "availability":99,"per":"requests"
          bad | "availability":99,"per":"request","period":"5 minutes"
          bad | "availability":99,"per":"request","threshold":">= 9"
          good | "availability":99,"threshold":">= 95"
          good | "availability":99,"threshold":">100.0"
          bad | "availability":99,"threshold":">= 101"
          bad | "availability":99,"threshold":"<= 95"
          bad | "availability":99,"threshold":95
          bad | "availability":99,"threshold":"95"
          good | "availability":99,"period":"15 minutes"
          good | "availability":99,"period":"1 minute"
          bad | "availability":99,"period":"16 minutes"
          bad | "availability":99,"period":"1 hour"
          bad | "availability":99,"period":60
          bad | "availability":99,"statistic":"p99"
          good | "latency":"300ms","per":"request","goal":95
          bad | "latency":"300ms"
          bad | "latency":{"p99":"300ms"},"per":"request"
          bad | "latency":{"p99":"300ms"},"threshold":"<= 3"
          good | "latency":{"IQM":"300ms"}
          good | "latency":{"wm99.5":"300ms"}
          good | "latency":{"p100":"300ms"}
          bad | "latency":{"p101":"300ms"}
          bad | "latency":{"SampleCount":"300ms"}
          bad | "latency":{"p99":"3ms","p50":"1ms"}
          good | "availability":99,"description":"What was promised"
          bad | "availability":99,"description":""
          good | "availability":99,"dependency":{"name":"cards","environment":"production","operation":"GET /cards"}
          bad | "availability":99,"dependency":{"name":"cards","operation":"GET /cards"}
          bad | "availability":99,"dependency":{"name":"cards","environment":"production"}
          bad | "availability":99,"dependency":{"environment":"production","operation":"GET /"}
          good | "availability":99,"dependency":{"type":"RemoteService","name":"cards","operation":"GET /cards"}
          good | "availability":99,"dependency":{"type":"Resource","resourceType":"A::B","identifier":"c","operation":"d"}
          bad | "availability":99,"dependency":{"type":"Resource","identifier":"c","operation":"d"}
          bad | "availability":99,"dependency":{"type":"Resource","resourceType":"A","identifier":"c","name":"x","operation":"d"}
          bad | "availability":99,"dependency":{"type":"AWS::Service","identifier":"c","name":"x","operation":"d"}
          bad | "availability":99,"dependency":{"type":"Table","name":"x","operation":"d"}
          bad | "availability":99,"dependency":{"type":"RemoteService","name":" ","operation":"d"}
          bad | "availability":99,"dependency":"cards"
          good | "name":"m1","threshold":"< 3","metric":{"namespace":"A","name":"B","statistic":"Sum"}
          good | "name":"m1","threshold":">= -0.5","metric":{"namespace":"A","name":"B","statistic":"PR(:300)","unit":"Count/Second","account":"123456789012","dimensions":{"a":"b"}},"goal":9
          bad | "threshold":"< 3","metric":{"namespace":"A","name":"B","statistic":"Sum"}
          bad | "name":"m1","metric":{"namespace":"A","name":"B","statistic":"Sum"}
          bad | "name":"m1","threshold":"3","metric":{"namespace":"A","name":"B","statistic":"Sum"}
          bad | "name":"m1","threshold":"< 3","metric":{"namespace":"A","name":"B"}
          bad | "name":"m1","threshold":"< 3","metric":{"name":"B","statistic":"Sum"}
          bad | "name":"m1","threshold":"< 3","metric":{"namespace":":","name":"B","statistic":"Sum"}
          bad | "name":"m1","threshold":"< 3","metric":{"namespace":"A","name":"B","statistic":"Median"}
          bad | "name":"m1","threshold":"< 3","metric":{"namespace":"A","name":"B","statistic":"Sum","unit":"Apples"}
          bad | "name":"m1","threshold":"< 3","metric":{"namespace":"A","name":"B","statistic":"Sum","account":"1"}
          bad | "name":"m1","threshold":"< 3","metric":{"namespace":"A","name":"B","statistic":"Sum","period":60}
          bad | "name":"m1","threshold":"< 3","metric":{"namespace":"A","name":"B","statistic":"Sum","returned":true}
          bad | "name":"m1","threshold":"< 3","metric":{"namespace":"A","name":"B","statistic":"Sum","dimensions":{"a":1}}
          bad | "name":"m1","threshold":"< 3","metric":{}
          bad | "name":"m1","threshold":"< 3","metric":"A"
          bad | "name":"m1","threshold":"< 3","per":"request","metric":{"namespace":"A","name":"B","statistic":"Sum"}
          bad | "name":"m1","threshold":"< 3","operation":"GET /","metric":{"namespace":"A","name":"B","statistic":"Sum"}
          good | "name":"m1","threshold":"< 3","metric":{"expression":"SELECT MAX(x) FROM y"}
          good | "name":"m1","threshold":"< 3","metric":{"a":{"namespace":"A","name":"B","statistic":"Sum"},"b":{"expression":"a / 2","returned":true}}
          good | "name":"m1","threshold":"< 3","metric":{"a":{"namespace":"A","name":"B","statistic":"Sum"}}
          bad | "name":"m1","threshold":"< 3","metric":{"A":{"namespace":"A","name":"B","statistic":"Sum"}}
          bad | "name":"m1","threshold":"< 3","metric":{"a":{"expression":"a","name":"B"}}
          bad | "name":"m1","threshold":"< 3","metric":{"a":{"namespace":"A","name":"B","statistic":"Sum","returned":"yes"}}
          good | "name":"r1","requests":{"total":{"namespace":"A","name":"B","statistic":"Sum"},"good":{"namespace":"A","name":"C","statistic":"Sum"}}
          good | "name":"r1","per":"request","requests":{"total":{"namespace":"A","name":"B","statistic":"Sum"},"bad":{"namespace":"A","name":"C","statistic":"Sum"}}
          bad | "name":"r1","per":"period","requests":{"total":{"namespace":"A","name":"B","statistic":"Sum"},"bad":{"namespace":"A","name":"C","statistic":"Sum"}}
          bad | "name":"r1","requests":{"total":{"namespace":"A","name":"B","statistic":"Sum"}}
          bad | "name":"r1","requests":{"good":{"namespace":"A","name":"B","statistic":"Sum"}}
          bad | "name":"r1","requests":{"total":{"namespace":"A","name":"B","statistic":"Sum"},"good":{"expression":"SELECT A"},"bad":{"expression":"SELECT A"}}
          bad | "name":"r1","threshold":"> 1","requests":{"total":{"namespace":"A","name":"B","statistic":"Sum"},"good":{"expression":"SELECT A"}}
          bad | "requests":{"total":{"namespace":"A","name":"B","statistic":"Sum"},"good":{"expression":"SELECT A"}}
          bad | "availability":99,"metric":{"namespace":"A","name":"B","statistic":"Sum"},"threshold":"> 1","name":"m1"
          good | "availability":99,"interval":{"rolling":"12 hours"}
          good | "availability":99,"interval":{"rolling":"1 month"}
          bad | "availability":99,"interval":{"rolling":"30"}
          bad | "availability":99,"interval":{"rolling":"30 weeks"}
          bad | "availability":99,"interval":{"rolling":"30 days","from":"2026-01-01"}
          bad | "availability":99,"interval":{"rolling":"30 days"},"days":30
          bad | "availability":99,"interval":"30 days"
          bad | "availability":99,"interval":{}
          good | "availability":99,"interval":{"calendar":"1 month","from":"2026-01-01"}
          good | "availability":99,"interval":{"calendar":"7 days","from":"2026-01-05T06:00:00+09:00"}
          bad | "availability":99,"interval":{"calendar":"1 month"}
          bad | "availability":99,"interval":{"calendar":"24 hours","from":"2026-01-01"}
          bad | "availability":99,"interval":{"calendar":"1 month","from":"January"}
          bad | "availability":99,"interval":{"calendar":"1 month","from":"2026-13-01"}
          bad | "availability":99,"interval":{"calendar":"1 month","rolling":"1 month","from":"2026-01-01"}
          good | "availability":99,"burnWindows":["5 minutes","1 hour","6 days"]
          good | "availability":99,"burnWindows":[]
          bad | "availability":99,"burnWindows":[5]
          bad | "availability":99,"burnWindows":["1 month"]
          bad | "availability":99,"burnWindows":["5 minutes","5 minutes"]
          bad | "availability":99,"burnWindows":"1 hour"
          bad | "availability":99,"burnWindows":["1 minute","2 minutes","3 minutes","4 minutes","5 minutes","6 minutes","7 minutes","8 minutes","9 minutes","10 minutes","11 minutes"]
          good | "availability":99,"exclude":[{"from":"2026-01-01","for":"2 hours"}]
          good | "availability":99,"exclude":[{"every":"rate(1 day)","for":"2 hours","reason":"x"},{"every":"cron(0 2 ? * MON#1 *)","for":"1 month"}]
          bad | "availability":99,"exclude":[{"for":"2 hours"}]
          bad | "availability":99,"exclude":[{"from":"2026-01-01"}]
          bad | "availability":99,"exclude":[{"every":"rate(5 minutes)","for":"1 minute"}]
          bad | "availability":99,"exclude":[{"every":"rate(0 days)","for":"1 minute"}]
          bad | "availability":99,"exclude":[{"every":"cron(0 2 * * *)","for":"1 minute"}]
          bad | "availability":99,"exclude":[{"every":"daily","for":"1 minute"}]
          bad | "availability":99,"exclude":[{"every":"rate(1 day)","for":"1 minute","reason":""}]
          bad | "availability":99,"exclude":[{"every":"rate(1 day)","for":"1 minute","until":"2026-01-01"}]
          bad | "availability":99,"exclude":[{"every":"rate(1 day)","for":"1 minute"},{"every":"rate(1 day)","for":"1 minute"}]
          bad | "availability":99,"exclude":{"every":"rate(1 day)","for":"1 minute"}
          good | "availability":99,"tags":{"team":"dice","cost center":"","ä":"a:b"}
          bad | "availability":99,"tags":{"aws:x":"y"}
          bad | "availability":99,"tags":{"Slipway:x":"y"}
          bad | "availability":99,"tags":{"team":7}
          bad | "availability":99,"tags":{"team":"a;b"}
          bad | "availability":99,"tags":["team"]
          good | "availability":99,"alarms":false
          bad | "availability":99,"alarms":"off"
          """)
  void bothThinkTheSameOfAnSlo(String verdict, String slo) {
    bothThinkTheSame(verdict, "\"containers\":", "\"slos\":[{" + slo + "}],\"containers\":");
  }

  @Test
  void bothTakeEachKindOfSlo() throws IOException {
    var file = Files.readString(Path.of("src/test/resources/slos.yaml"));
    assertThat(SCHEMA.validate(file, InputFormat.YAML)).isEmpty();
    assertThat(ConfigFile.parse("f", file))
        .isInstanceOfSatisfying(
            ConfigFile.Good.class,
            good ->
                assertThat(SCHEMA.validate(Configs.toJson(good.config()), InputFormat.JSON))
                    .isEmpty());
  }

  @Test
  void bothTakeWhatTheReadmeShows() throws IOException {
    var readme = Files.readString(Path.of("README.md"));
    var from = readme.indexOf("```yaml\nslos:") + "```yaml\n".length();
    var file =
        """
        stack: slipway
        repository: example/dice
        services:
          dice:
            containers:
              app:
                build: app
                port: 8080
        """
            + readme.substring(from, readme.indexOf("```", from)).indent(4);
    assertThat(SCHEMA.validate(file, InputFormat.YAML)).isEmpty();
    assertThat(ConfigFile.parse("f", file))
        .isInstanceOfSatisfying(
            ConfigFile.Good.class,
            good -> assertThat(good.config().services().getFirst().slos()).hasSize(10));
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
