from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="unanswered",
            name="chosen",
            field=models.CharField(blank=True, max_length=60),
        ),
    ]
