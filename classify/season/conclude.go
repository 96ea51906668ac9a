package season

// Conclusion is what two days allow to conclude from a loss of vegetation, in Chinese and English.
type Conclusion struct{ ZH, EN string }

// Conclude says it of a before and an after day. The second result is false where there is nothing to warn of: crops grow
// on both days.
func Conclude(before, after Look) (Conclusion, bool) {
	switch {
	case before.Snow || after.Snow:
		return Conclusion{
			"有一期影像处于积雪期：地表可能被雪覆盖，植被和裸土变化均不能作为依据，仅建（构）筑物等结构特征可供参考。",
			"one date lies in the season of snow: neither vegetation nor bare soil is evidence, only structure is",
		}, true
	case before.Growing && !after.Growing && after.Leaf:
		return Conclusion{
			"后时相不在作物生长期：耕地收获、翻耕属正常，耕地植被减少须有建筑纹理等结构特征才作为依据；林木尚有叶，林木减少仍可判断。",
			"the after date lies outside the growing season: harvested and ploughed fields are normal, so that lost vegetation on cropland needs structural evidence; trees are in leaf, so that lost tree cover can be judged",
		}, true
	case before.Growing && !after.Growing:
		return Conclusion{
			"后时相不在作物生长期且林木落叶：耕地和林地的植被减少均属正常，须有建筑纹理等结构特征才作为依据。",
			"the after date lies outside the growing season and trees are bare: lost vegetation is normal on cropland and woodland, and needs structural evidence",
		}, true
	case !before.Growing && after.Growing:
		return Conclusion{
			"前时相不在作物生长期：前时相裸露的耕地无法据植被判断变化，只能依据后时相的结构特征；植被增加不能作为复绿依据。",
			"the before date lies outside the growing season: on fields that were bare then, only structure at the after date tells a change; returned vegetation is no evidence",
		}, true
	case !before.Growing && !after.Growing:
		return Conclusion{
			"两期影像均不在作物生长期：耕地多为裸土，变化只能依据结构特征判断。",
			"both dates lie outside the growing season: cropland is mostly bare, so that only structure tells a change",
		}, true
	}
	return Conclusion{}, false
}
