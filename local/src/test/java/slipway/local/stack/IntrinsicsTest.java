package slipway.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.json.Json;

class IntrinsicsTest {

  private static Intrinsics intrinsics() {
    var template =
        new Template(
            "slipway",
            Map.of("Queue", Json.parse("{\"Type\":\"AWS::SQS::Queue\"}")),
            Map.of(),
            Map.of(
                "Yes",
                    Json.parse("{\"Fn::Equals\":[{\"Ref\":\"AWS::Region\"},\"ap-northeast-1\"]}"),
                "No", Json.parse("{\"Fn::Not\":[{\"Condition\":\"Yes\"}]}")),
            Map.of("Size", Json.parse("{\"Type\":\"Number\",\"Default\":3}")),
            Map.of("Map", Json.parse("{\"a\":{\"b\":\"c\"}}")),
            Map.of());
    var intrinsics = new Intrinsics(template, id -> id.equals("s") ? "{\"k\":\"v\"}" : "plain");
    intrinsics.made("Queue", new Provisioner.Made("url", Map.of("Arn", "arn:q", "A.B", "dotted")));
    return intrinsics;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'Ref':'Queue'}                                          | 'url'",
        "{'Ref':'Size'}                                           | 3",
        "{'Ref':'AWS::AccountId'}                                 | '123456789012'",
        "{'Fn::GetAtt':['Queue','Arn']}                           | 'arn:q'",
        "{'Fn::GetAtt':'Queue.A.B'}                               | 'dotted'",
        "{'Fn::Join':['-',['a',{'Ref':'AWS::Region'},'b']]}       | 'a-ap-northeast-1-b'",
        "{'Fn::Sub':'x ${Queue} ${Queue.Arn} ${!kept} ${AWS::StackName}'} | 'x url arn:q ${kept}"
            + " slipway'",
        "{'Fn::Sub':['${A}/${Size}',{'A':{'Ref':'Queue'}}]}       | 'url/3'",
        "{'Fn::Select':[1,{'Fn::Split':[':',{'Fn::GetAtt':['Queue','Arn']}]}]} | 'q'",
        "{'Fn::Select':['0',{'Fn::GetAZs':''}]}                   | 'ap-northeast-1a'",
        "{'Fn::If':['Yes','then','else']}                         | 'then'",
        "{'Fn::If':['No','then','else']}                          | 'else'",
        "{'Fn::FindInMap':['Map','a','b']}                        | 'c'",
        "{'a':{'Ref':'AWS::NoValue'},'b':[1,{'Ref':'AWS::NoValue'}]} | {'b':[1]}",
        "'{{resolve:secretsmanager:s:SecretString:k::}}'          | 'v'",
        "'{{resolve:secretsmanager:t:SecretString:::}}'           | 'plain'",
      },
      quoteCharacter = '`')
  void resolves(String tree, String value) {
    assertThat(intrinsics().resolve(Json.parse(tree.replace('\'', '"'))).value())
        .isEqualTo(Json.parse(value.replace('\'', '"')).value());
  }

  @Test
  void aPolicysConditionIsNoFunction() {
    var tree = Json.parse("{\"Condition\":{\"Bool\":{\"x\":\"true\"}}}");
    assertThat(intrinsics().resolve(tree)).isEqualTo(tree);
  }

  @Test
  void anAttributeThatIsNotThereIsNamedWithThoseThatAre() {
    assertThatThrownBy(
            () -> intrinsics().resolve(Json.parse("{\"Fn::GetAtt\":[\"Queue\",\"Url\"]}")))
        .isInstanceOf(StackFailure.class)
        .hasMessageStartingWith("Queue (AWS::SQS::Queue) has no attribute Url; local knows [");
  }

  @Test
  void aFunctionThatIsNotPlayedIsNamed() {
    assertThatThrownBy(() -> intrinsics().resolve(Json.parse("{\"Fn::ImportValue\":\"x\"}")))
        .hasMessage("local does not play the function Fn::ImportValue");
  }

  @Test
  void referencesAreFoundInEveryForm() {
    assertThat(
            Intrinsics.references(
                Json.parse(
                        """
                        {"a": {"Ref": "A"}, "b": [{"Fn::GetAtt": ["B", "Arn"]}],
                         "c": {"Fn::Sub": ["${C.Arn} ${x}", {"x": {"Ref": "D"}}]}}\
                        """)
                    .value()))
        .contains("A", "B", "C", "D");
  }
}
